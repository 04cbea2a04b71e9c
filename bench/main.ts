/** `npm run bench`: everything, or what is named: `npm run bench -- crypto`, `npm run bench -- fan-out`. */
import { benchCrypto } from './crypto.ts';
import { benchFanOut } from './fan-out.ts';

const BENCHES = { crypto: benchCrypto, 'fan-out': benchFanOut };
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
