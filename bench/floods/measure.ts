import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startProcess } from '../processes.ts';
import { makeRoom } from '../room.ts';
import type { Flooded } from './flood.ts';
import { FLOODS, type FloodKind } from './kinds.ts';
import { startTalk, type Talked } from './talk.ts';

/** Milliseconds that a well-behaved pair may wait for the slowest of a hundred messages (attack 37). */
export const FLOOD_TARGET = 250;

export interface FloodFigures extends Flooded, Talked {
  readonly kind: FloodKind;
}

export const FLOOD_KINDS = Object.keys(FLOODS) as readonly FloodKind[];

/** With its limit such a flood is over after some hundred frames. */
const UNLIMITED: readonly FloodKind[] = ['malformed', 'slowReaders'];

/** Two people talk while somebody floods the server. @throws Error where they lose a message or their connection */
export async function measureFlood(kind: FloodKind, seconds: number): Promise<FloodFigures> {
  const more = UNLIMITED.includes(kind) ? ['unlimited'] : [];
  const server = await startProcess('floods/server.ts', { more });
  try {
    const pair = await makeRoom(server.origin, 2, 'pair');
    const flags = ['--disable-warning=ExperimentalWarning'];
    const thrower = spawn(
      process.execPath,
      [...flags, join(import.meta.dirname, 'thrower.ts'), kind, server.origin, String(seconds)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    thrower.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    const ended = once(thrower, 'exit');
    // Below the limit of what one device may send.
    const talk = await startTalk(server.origin, pair, { pace: 25, most: seconds * 80 + 400 });
    await ended;
    const talked = await talk.end();
    return { kind, ...(JSON.parse(output) as Flooded), ...talked };
  } finally {
    await server.end();
  }
}
