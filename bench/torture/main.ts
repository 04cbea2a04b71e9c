/**
 * `npm run torture`: 200 kills and 50 power losses under load, and the three planted faults that must be found.
 * `npm run torture -- 20 5` takes other numbers; `-- --messages 1000000` goes on until so many were acknowledged.
 */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { tortureAtLength } from './length.ts';
import { fillDisk, torture } from './torture.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { messages: { type: 'string', default: '0' } },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const [kills = 200, powerLosses = 50] = positionals.map(Number);
const start = performance.now();

const real = await tortureAtLength({ kills, powerLosses, messages: Number(values.messages) }, say);
if (!real) throw new Error('Power loss is played by a shim that needs the C compiler `cc`. Install one.');
const { acknowledged, lost, duplicated, reordered } = real;
say(`${real.kills} kills, ${real.powerLosses} power losses, ${acknowledged} messages acknowledged:`);
say(`  ${lost} lost, ${duplicated} duplicated, ${reordered} reordered`);
say(`  in ${Math.round((performance.now() - start) / 1_000)} seconds`);

const full = await fillDisk();
say(
  `full disk: ${full?.refused} sends refused meanwhile, ${full?.acknowledged} acknowledged, ${full?.lost} lost`,
);

const off = await torture({ kills: 0, powerLosses: 5, planted: 'synchronous-off' });
const early = await torture({ kills: 5, powerLosses: 0, planted: 'acknowledge-early' });
const unsynced = await torture({ kills: 0, powerLosses: 5, planted: 'acknowledge-unsynced' });
say(`planted synchronous=OFF: ${off?.lost} lost over 5 power losses`);
say(`planted acknowledgement before the commit: ${early?.lost} lost over 5 kills`);
say(`planted acknowledgement before the sync: ${unsynced?.lost} lost over 5 power losses`);
const FRAMES = 120_000;
const fuzzed = await fuzz(FRAMES, Math.random);
say(
  `${FRAMES} malformed frames and ${fuzzed.connections} broken connections: ${fuzzed.refused} refused; meanwhile ${fuzzed.messages} messages of others, p99 ${fuzzed.p99.toFixed(1)} ms; memory ${Math.round(fuzzed.growth / 1e6)} MB more`,
);
const sound = lost + duplicated + reordered + (full?.lost ?? 1) === 0;
const sharp = [off, early, unsynced].every((found) => (found?.lost ?? 0) > 0);
if (!sound) say('FAILED: something acknowledged was not kept.');
if (!sharp) say('FAILED: a planted fault was not found.');
process.exitCode = sound && sharp ? 0 : 1;
