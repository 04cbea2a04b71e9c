/**
 * A flood in a process of its own: kind, origin, seconds. It gives way to the server and the measurement, since a real one
 * would come from other machines. Prints what it counted as JSON.
 */
import { setPriority } from 'node:os';
import { FLOODS, type FloodKind } from './kinds.ts';

const [, , kind = 'connections', origin = '', seconds = '5'] = process.argv;
setPriority(10);
/** Asked for the first time when the flood is ready: what it needs for itself takes long on a busy machine. */
let end: number | undefined;
const until = () => {
  end ??= Date.now() + Number(seconds) * 1_000;
  return Date.now() > end;
};
const counts = await FLOODS[kind as FloodKind](origin, until);
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exit(0);
