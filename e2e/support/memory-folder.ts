import { existsSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const FOLDER = '/dev/shm';
/** Bytes that the largest tests may need at the same time, with room to spare. */
const ENOUGH = 6 * 1024 ** 3;

/**
 * A folder that rests in memory, where this machine has one with room enough. Dozens of devices that wait for one disk
 * take most of the time of these tests, and none of them cuts the power: that is what `npm run torture` does.
 */
export function memoryFolder(): string | undefined {
  if (!existsSync(FOLDER)) return undefined;
  const { bavail, bsize } = statfsSync(FOLDER);
  return Math.min(bavail * bsize, freemem()) >= ENOUGH ? FOLDER : undefined;
}
