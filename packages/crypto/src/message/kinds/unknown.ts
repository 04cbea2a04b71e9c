import type { Line } from './kind.ts';

/** M4: a kind or version this client does not know: shown as such, never dropped. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly name: string;
}

export interface UnknownLine extends Line {
  readonly kind: 'unknown';
  readonly name: string;
}

export const showUnknown = ({ name }: Unknown): UnknownLine => ({
  kind: 'unknown',
  name,
  body: '',
  reactions: [],
});
