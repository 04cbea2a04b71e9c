import { randomInt } from 'node:crypto';

export interface Flooded {
  /** Connections, requests or frames thrown. */
  readonly thrown: number;
  /** Of them, how many the server refused. */
  readonly refused: number;
}

export type Flood = (origin: string, until: () => boolean) => Promise<Flooded>;

/** Throwers at a time. */
const WIDTH = 32;
export const anyAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

/** `throwOne` again and again, several at a time. @returns false from it counts as refused */
export async function many(until: () => boolean, throwOne: () => Promise<boolean>): Promise<Flooded> {
  let thrown = 0;
  let refused = 0;
  const thrower = async () => {
    while (!until()) {
      thrown += 1;
      if (!(await throwOne())) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, thrower));
  return { thrown, refused };
}
