import { isCount } from '@sotto/protocol';
import type { Passing } from './kind.ts';

/** How far entries arrived at a device and were read there: log positions, 0 for nothing yet. */
export interface Receipt {
  readonly kind: 'receipt';
  readonly delivered: number;
  readonly read: number;
}

export const receipt: Passing<Receipt> = {
  does: 'pass',
  encode: ({ delivered, read }) => ({ delivered, read }),
  decode: ({ delivered, read }) =>
    isCount(delivered) && isCount(read) ? { kind: 'receipt', delivered, read } : undefined,
};
