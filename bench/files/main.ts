/** `node bench/files/main.ts [MiB]`: one large file through three processes, with the memory of each. 5 GiB where left out. */
import { MIB } from './block.ts';
import { measureTransfer } from './transfer.ts';

const figures = await measureTransfer(Number(process.argv[2] ?? 5 * 1_024));
const inMib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;
process.stdout.write(`${figures.mebibytes} MiB\n`);
for (const [who, bytes] of Object.entries(figures.memory))
  process.stdout.write(`memory ${who}: ${inMib(bytes)}\n`);
for (const [step, rate] of Object.entries(figures.rates)) process.stdout.write(`${step}: ${inMib(rate)}/s\n`);
