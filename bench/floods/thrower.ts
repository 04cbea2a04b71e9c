/**
 * A flood in a process of its own: kind, origin, seconds. It gives way to the server and the measurement, since a real one
 * would come from other machines. Prints what it counted as JSON.
 */
import { setPriority } from 'node:os';
import { FLOODS, type FloodKind } from './kinds.ts';

const [, , kind = 'connections', origin = '', seconds = '5'] = process.argv;
setPriority(10);
const end = Date.now() + Number(seconds) * 1_000;
const counts = await FLOODS[kind as FloodKind](origin, () => Date.now() > end);
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exit(0);
