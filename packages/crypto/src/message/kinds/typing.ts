import type { Passing } from './kind.ts';

export interface Typing {
  readonly kind: 'typing';
  readonly on: boolean;
}

export const typing: Passing<Typing> = {
  does: 'pass',
  encode: ({ on }) => ({ on }),
  decode: ({ on }) => (typeof on === 'boolean' ? { kind: 'typing', on } : undefined),
};
