/**
 * One device with the real engine, in a process of its own, so that its memory is its own.
 * Arguments: `sign-in` or `resume`, origin, directory, name, password, rooms. Prints one line of JSON.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '@sotto/client';
import { createNodeSotto } from '@sotto/client/node';
import type { RoomId } from '@sotto/protocol';

/** Milliseconds since the start, but for sizes. */
export interface DeviceFigures {
  /** The command resolved: keys made, list extended. */
  readonly entered: number;
  /** Each step of it, as the user is told. */
  readonly steps: Readonly<Record<string, number>>;
  /** All rooms are shown with their names. */
  readonly listed: number;
  /** One message anywhere is readable. */
  readonly readable: number;
  /** The newest message of every room is readable. */
  readonly everyRoom: number;
  readonly caughtUp: number;
  /** Processor milliseconds until then. */
  readonly processor: number;
  /** From a room's newest page to its oldest, one page after the other: how long each took. */
  readonly pages: readonly number[];
  /** All history of all rooms, where it was loaded: how long, and how much. */
  readonly whole: { readonly ms: number; readonly messages: number } | null;
  /** Resident memory and size of the database, bytes. */
  readonly memory: number;
  readonly database: number;
}

const [mode = '', server = '', directory = '', name = '', password = '', count = '1'] = process.argv.slice(2);
const rooms = Number(count);
const sotto = createNodeSotto({ server, directory });
const steps: Record<string, number> = {};
const start = performance.now();
const since = () => performance.now() - start;

async function enter(): Promise<Engine> {
  if (mode === 'sign-in') return sotto.signIn(name, password, (step) => (steps[step] = since()));
  const [profile] = await sotto.profiles();
  if (!profile) throw new Error('nothing to resume');
  return sotto.resume(profile.account);
}

const engine = await enter();
const entered = since();

/** When the condition held first. */
function when(holds: () => boolean): Promise<number> {
  if (holds()) return Promise.resolve(since());
  return new Promise((resolve) => {
    const stop = engine.subscribe(() => {
      if (!holds()) return;
      stop();
      resolve(since());
    });
  });
}
const views = () => [...engine.state.rooms.values()];
const readableRooms = () => views().filter(({ last }) => last?.preview).length;
const [listed, readable, everyRoom, caughtUp] = await Promise.all([
  when(() => views().filter(({ title }) => title.startsWith('Room ')).length >= rooms),
  when(() => readableRooms() > 0),
  when(() => readableRooms() >= rooms),
  when(() => engine.state.caughtUp),
]);
const used = process.cpuUsage();
const processor = (used.user + used.system) / 1_000;

async function loadAll(room: RoomId): Promise<number[]> {
  const timeline = engine.timeline(room);
  const pages: number[] = [];
  let from = performance.now();
  while (timeline.state.items.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  pages.push(performance.now() - from);
  while (timeline.state.hasOlder) {
    from = performance.now();
    await timeline.loadOlder();
    pages.push(performance.now() - from);
  }
  return pages;
}

const texts = (room: RoomId) =>
  engine.timeline(room).state.items.filter(({ type }) => type === 'message').length;
const [first, ...others] = engine.state.order;
const pages = first ? await loadAll(first) : [];
await engine.devices.list(); // signed requests of the upkeep are through
const { rss: memory } = process.memoryUsage();
let whole: DeviceFigures['whole'] = null;
if (mode === 'sign-in' && first) {
  const from = performance.now();
  for (const room of others) await loadAll(room);
  whole = {
    ms: performance.now() - from,
    messages: engine.state.order.reduce((sum, room) => sum + texts(room), 0),
  };
}
await engine.close();
const database = readdirSync(directory)
  .filter((file) => file.includes('.account.sqlite'))
  .reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
const figures: DeviceFigures = {
  entered,
  steps,
  listed,
  readable,
  everyRoom,
  caughtUp,
  processor,
  pages,
  whole,
  memory,
  database,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);
