/** What an account with a long past and many rooms feels like. */
import { measureRemoval, type Removal } from './removal.ts';
import { type History, measureHistory } from './sign-in.ts';

export interface AccountFigures {
  readonly history: History;
  readonly removal: Removal;
}

export async function measureAccount(
  quick: boolean,
  progress: (line: string) => void,
): Promise<AccountFigures> {
  const removal = await measureRemoval(
    quick ? { rooms: 5, members: 50 } : { rooms: 50, members: 50 },
    progress,
  );
  const shape = quick ? { rooms: 10, epochs: 2, messages: 50 } : { rooms: 200, epochs: 5, messages: 100 };
  return { history: await measureHistory(shape, progress), removal };
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
const ms = (value: number) => `${Math.round(value)} ms`;
const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** Markdown, as it stands in docs/performance.md. */
export function accountTables({ history, removal }: AccountFigures): string[] {
  return [...historyTable(history), '', ...removalTable(removal)];
}

function historyTable({ shape, signIn, resume, archive, server }: History): string[] {
  const { rooms, epochs, messages } = shape;
  const { steps } = signIn;
  const keys = (steps.registering ?? 0) - (steps.device ?? 0);
  const [newest = 0, ...older] = signIn.pages;
  const whole = signIn.whole ?? { ms: 0, messages: 0 };
  return [
    `| ${rooms * epochs * messages} messages in ${rooms} rooms, ${rooms * epochs} epochs | | made of |`,
    '|---|---|---|',
    `| sign-in on a new device to the first readable message | ${seconds(signIn.readable)} | password (OPAQUE, Argon2id) and vault ${ms(steps.device ?? 0)}, new keys ${ms(keys)}, list ${ms(signIn.entered - (steps.registering ?? 0))}, archive and first room ${ms(signIn.readable - signIn.entered)} |`,
    `| until all ${rooms} rooms stand in the list by name | ${seconds(signIn.listed)} | eight are read first, of the others the signed headers |`,
    `| until all ${rooms} rooms stand in the list with their newest message | ${seconds(signIn.everyRoom)} | newest first; ${ms((signIn.everyRoom - signIn.entered) / rooms)} per room, ${seconds(signIn.processor)} of processor |`,
    `| archive restored, per 1,000 epochs | ${ms(archive)} | fetched, opened, held against each header's commitment |`,
    `| a room's newest page, then each older one | ${ms(newest)}, ${ms(Math.max(0, ...older))} at most | fetched, chain and signatures verified, opened, stored |`,
    `| all history of all rooms loaded | ${seconds(whole.ms)} | ${Math.round((whole.messages / whole.ms) * 1_000)} messages/s |`,
    `| memory, database of the device, of the server | ${mb(signIn.memory)}, ${mb(signIn.database)}, ${mb(server)} | |`,
    `| opened again with all of it: list shown, caught up | ${ms(resume.listed)}, ${ms(resume.caughtUp)} | |`,
    `| the same: a room's newest page, then each older one | ${ms(resume.pages[0] ?? 0)}, ${ms(Math.max(0, ...resume.pages.slice(1)))} at most | from the device |`,
    `| the same: memory | ${mb(resume.memory)} | |`,
  ];
}

function removalTable({ rooms, members, signedOff, rekeyed, client, server, waits }: Removal): string[] {
  const entries = Object.entries(waits).sort(([, a], [, b]) => b.ms - a.ms);
  const made = entries.map(
    ([name, { count, ms: waited }]) => `${name} ${count} × ${(waited / count).toFixed(1)} ms`,
  );
  return [
    `| a lost device, ${rooms} rooms of ${members} | | made of |`,
    '|---|---|---|',
    `| the server refuses it | ${ms(signedOff)} | |`,
    `| the last room has keys it does not get | ${seconds(rekeyed)} | ${rooms * members} wraps; processor: this device ${seconds(client)}, server ${seconds(server)} |`,
    `| requests, several at once | | ${made.slice(0, 5).join(', ')} |`,
  ];
}
