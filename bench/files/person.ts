import { type Engine, type FileItem, filesIn, type NewFile } from '@sotto/client';
/**
 * One person of a transfer, as a program of their own. Arguments: server, folder, and what to do: `join` makes the account,
 * `send` and `receive` take the MiB too. Tells its parent how far it is.
 */
import type { RoomId } from '@sotto/protocol';
import { acquaintedSotto } from '../../e2e/support/acquainted.ts';
import { blockParts, isBlock, MIB } from './block.ts';

const [server = '', directory = '', task, more = ''] = process.argv.slice(2);
const size = Number(more) * MIB;
const sotto = acquaintedSotto({ server, directory, fileCache: 2 ** 40 });
const [profile] = await sotto.profiles();
// Joined before: making keys takes memory of its own.
const engine = await (profile ? sotto.resume(profile.account) : sotto.createGuest(more));
const tell = (event: string) => process.send?.({ event, at: performance.timeOrigin + performance.now() });

/** Resolves with what `look` finds, once it finds it. */
function once<T>(look: (engine: Engine) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const found = look(engine);
      if (found === undefined) return;
      clearInterval(timer);
      resolve(found);
    }, 10);
  });
}

const online = (each: Engine) => (each.state.caughtUp ? true : undefined);

/** Made as it is read; it rests nowhere. */
const source: NewFile = {
  name: 'large.bin',
  type: 'application/octet-stream',
  size,
  async *open() {
    for (let index = 0; index * MIB < size; index += 1) yield* blockParts(index);
  },
};

async function send(): Promise<void> {
  const account = await once(({ state }) => state.people.keys().next().value);
  const room = await engine.rooms.openDirect(account);
  tell('sealing');
  await engine.files.send(room, { files: [source] });
  tell('sealed');
  const timeline = engine.timeline(room);
  await once(
    () => timeline.state.items.find((item) => item.type === 'message' && item.position !== null) && true,
  );
  tell('sent');
}

interface Arrived {
  readonly room: RoomId;
  readonly position: number;
  readonly file: FileItem;
}

function arrived({
  state,
  timeline,
}: {
  state: Engine['state'];
  timeline: Engine['timeline'];
}): Arrived | undefined {
  for (const room of state.order) {
    for (const item of timeline(room).state.items) {
      if (item.type !== 'message' || item.position === null) continue;
      const [file] = filesIn(item);
      if (file) return { room, position: item.position, file };
    }
  }
  return undefined;
}

async function receive(): Promise<void> {
  const { room, position, file } = await once(() =>
    arrived({ state: engine.state, timeline: (of) => engine.timeline(of) }),
  );
  tell('opening');
  const opened = await engine.files.open(room, position, file.file);
  tell('opened');
  let index = 0;
  for await (const part of opened.read(0, opened.size)) {
    if (!isBlock(index, part)) throw new Error(`block ${index} is another`);
    index += 1;
    if (part.buffer instanceof ArrayBuffer) part.buffer.transfer(0); // as saving to a path does
  }
  if (index * MIB !== size) throw new Error(`${index} blocks came of ${size / MIB}`);
  tell('read');
}

await once(online);
tell('online');
if (task === 'send') await send();
if (task === 'receive') await receive();
if (task === 'join') await engine.close();
