import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asEpochSecret, counterName, generateSigningKey, randomBytes, randomId } from '@sotto/crypto';
import {
  type ClientFrame,
  type FileId,
  type FrameOf,
  fromBase64Url,
  idFromBytes,
  MessageEnvelopeCodec,
  MessageHeaderCodec,
  type MessageId,
  splitSigned,
} from '@sotto/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bus } from '../../src/engine/bus.ts';
import { LazyWrites } from '../../src/engine/lazy-writes.ts';
import { Receipts } from '../../src/engine/rooms/receipts/receipts.ts';
import { RoomRows } from '../../src/engine/rooms/room-rows.ts';
import { Outbox } from '../../src/engine/rooms/sending/outbox.ts';
import type { FileRow, OutboxRow, OutgoingFile, RoomRow } from '../../src/engine/rows.ts';
import { ClientError } from '../../src/error.ts';
import { fileHost } from '../../src/node/file-host.ts';
import { processLocks } from '../../src/node/process-locks.ts';
import type { Storage } from '../../src/seams/index.ts';
import type { Alarm } from '../../src/state.ts';
import { FakeClock, settle } from './support/fake-clock.ts';
import { ROOM, roomRow, someone } from './support/rows.ts';

type Send = Extract<ClientFrame, { t: 'send' }>;

const [me, ann] = [someone(), someone()];
let folder: string;
let storage: Storage;
let clock: FakeClock;
let outbox: Outbox;
let receipts: Receipts;
let sent: Send[];
let online: boolean;
let closing: boolean;
let syncs: number;
let alarms: Alarm[];
let onSync: () => Promise<void>;
let due: () => Promise<void>;
let isDue: boolean;
let rows: RoomRows;

/** What the log would do: the message is in it, so it leaves the outbox. */
async function logged(frame: Send): Promise<void> {
  await storage.transaction(['outbox'], 'write', async (tx) => {
    for (const item of await tx.range<OutboxRow>('outbox', { prefix: [ROOM] })) {
      if (item.id === frame.id) await tx.delete('outbox', [ROOM, item.sequence]);
    }
  });
}

async function ack(frame: Send, position = 1): Promise<void> {
  await logged(frame);
  outbox.answered({ t: 'ack', room: ROOM, id: frame.id, position, time: 1 });
}

function refuse(frame: Send, code: FrameOf<'refused'>['code'], more: Partial<FrameOf<'refused'>> = {}): void {
  outbox.refused({ t: 'refused', re: 'send', code, message: 'No.', room: ROOM, id: frame.id, ...more });
}

const take = () => sent.splice(0);
const headerOf = (frame: Send) => {
  const { payload } = splitSigned(fromBase64Url(frame.body) ?? new Uint8Array());
  return MessageHeaderCodec.decode(MessageEnvelopeCodec.decode(payload).header);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-outbox-'));
  storage = await fileHost(folder).open(me.account);
  clock = new FakeClock();
  sent = [];
  online = true;
  closing = false;
  syncs = 0;
  alarms = [];
  onSync = async () => undefined;
  isDue = false;
  due = async () => undefined;
  const signing = await generateSigningKey({ extractable: false });
  const row = await roomRow([me, ann]);
  await storage.transaction(['rooms'], 'write', (tx) => tx.put<RoomRow>('rooms', [ROOM], row));
  const background = (work: Promise<unknown>) => {
    work.catch((error: unknown) => {
      if (!closing) throw error;
    });
  };
  const bus = new Bus(background);
  rows = new RoomRows(storage, new LazyWrites(storage, clock, () => undefined), bus);
  await rows.load();
  const secret = asEpochSecret(randomBytes(32));
  const context = {
    bus,
    keys: {
      self: { ...me, name: 'Me', kind: 'guest' as const, identity: new Uint8Array(32) },
      identity: signing,
      signing,
    },
    storage,
    clock,
    calls: { serverTime: () => clock.now(), get: () => Promise.reject(new ClientError('unreachable')) },
    locks: processLocks(folder),
    tabs: { announce: () => undefined, onChange: () => () => undefined, close: () => undefined },
    directory: { trustOf: () => 'unverified' as const, lists: { lookup: async () => undefined } },
    consent: { enter: async () => undefined, isOpen: () => true },
    connection: {
      get online() {
        return online;
      },
      send(frame: ClientFrame) {
        if (online) sent.push(frame as Send);
        return online;
      },
    },
    background,
    notify: (alarm: Alarm) => alarms.push(alarm),
  };
  const parts = {
    rows,
    sync: {
      sync: async () => {
        syncs += 1;
        await onSync();
      },
      reach: async () => undefined,
      compare: async () => undefined,
    },
    secrets: { get: async () => secret },
  };
  const epochs = { due: () => isDue, renew: () => due() };
  outbox = new Outbox({ ...context, ...parts, epochs });
  outbox.caughtUp([]);
  receipts = new Receipts({ ...context, ...parts });
});

afterEach(async () => {
  online = false;
  closing = true;
  outbox.lost();
  await settle();
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

const say = (body: string) => outbox.add(ROOM, { kind: 'text', body });

test('[E3] durable before it is sent, sent in order, gone once the log has it', async () => {
  online = false;
  const ids = [await say('one'), await say('two')];
  expect(outbox.items(ROOM).map((item) => item.id)).toEqual(ids);
  online = true;
  outbox.caughtUp([]);
  await settle();
  const frames = take();
  expect(frames.map((frame) => frame.id)).toEqual(ids);
  const counters = frames.map((frame) => headerOf(frame).counter);
  expect(counters).toEqual([1, 2]);
  for (const frame of frames) await ack(frame);
  await settle();
  expect(outbox.items(ROOM)).toEqual([]);
  expect(take()).toEqual([]);
});

test('[M4] what could never be sealed is refused at once, and stands before nothing', async () => {
  const never = [
    { kind: 'reaction', target: 1, emoji: '', on: true },
    { kind: 'delete', target: 0 },
    { kind: 'text', body: 'x', reply: 0 },
  ] as const;
  for (const content of never) {
    await expect(outbox.add(ROOM, content)).rejects.toMatchObject({ code: 'usage' });
  }
  expect(outbox.items(ROOM)).toEqual([]);
  outbox.caughtUp([]);
  await say('goes');
  await settle();
  expect(take()).toHaveLength(1);
});

test('[M2, attack 33] sends nothing before the log was read on this connection', async () => {
  outbox.lost();
  await say('early');
  await settle();
  expect(take()).toEqual([]);
  outbox.caughtUp([ROOM]); // the log of this room could not be read: once more, first
  await settle();
  expect(syncs).toBe(1);
  expect(take()).toHaveLength(1);
});

test('[M2, attack 33] counters are on disk before anything is sealed, and lie above what the log shows', async () => {
  await rows.update(ROOM, (row) => ({
    ...row,
    state: { ...row.state, counters: { [counterName(me.account, me.device)]: 40 } },
  }));
  await say('after a restore');
  await settle();
  const [frame] = take();
  expect(frame && headerOf(frame).counter).toBe(41);
  const stored = await storage.transaction(['rooms'], 'read', (tx) => tx.get<RoomRow>('rooms', [ROOM]));
  expect(stored?.counter).toBe(41);
});

const HELD: Record<string, Partial<RoomRow>> = {
  'a change that the server confirmed and does not show': { unconfirmed: 2 },
  'a removal that is not confirmed': { removing: [ann.account] },
  'an alarm': {
    alarm: { rule: 'R4', code: 'fork', kind: 'fork', account: null, detail: 'two headers', at: 1 },
  },
};

test.each(Object.keys(HELD))('[attack 11] [attack 42] %s holds messages and typing back', async (name) => {
  await rows.update(ROOM, (row) => ({ ...row, ...HELD[name] }));
  await say('for who is in');
  await receipts.sendTyping(ROOM, true);
  await settle();
  expect(sent).toEqual([]);
  expect(outbox.items(ROOM)).toMatchObject([{ failed: null }]);
  await rows.update(ROOM, (row) => ({ ...row, unconfirmed: null, removing: [], alarm: null }));
  outbox.pump(ROOM);
  await receipts.sendTyping(ROOM, false);
  await settle();
  expect(sent.map(({ t }) => t).sort()).toEqual(['send', 'signal']);
});

describe('what the server says', () => {
  test('[R5] stale epoch: reads the log and seals again under the same id, with another counter and salt', async () => {
    await say('late');
    await settle();
    const [first] = take();
    if (!first) throw new Error('nothing was sent');
    refuse(first, 'stale_epoch', { epoch: 2 });
    await settle();
    expect(syncs).toBe(1);
    const [second] = take();
    if (!second) throw new Error('nothing was sent again');
    expect(second.id).toBe(first.id);
    expect(headerOf(second).counter).toBeGreaterThan(headerOf(first).counter);
    expect(headerOf(second).salt).not.toEqual(headerOf(first).salt);
    await ack(second);
    await settle();
    expect(outbox.items(ROOM)).toEqual([]);
  });

  test.each(['stale_epoch', 'ack'] as const)(
    '[attack 29] %s for ever: asked ever more slowly, never in a loop',
    async (what) => {
      await say('hopeless');
      await settle();
      let rounds = 0;
      const answerAll = () => {
        for (const frame of take()) {
          rounds += 1;
          // An acknowledgement of a message that the log never shows.
          if (what === 'ack') outbox.answered({ t: 'ack', room: ROOM, id: frame.id, position: 0, time: 1 });
          else refuse(frame, what);
        }
      };
      for (let second = 0; second < 60; second++) {
        answerAll();
        await clock.pass(1_000);
      }
      expect(rounds).toBeGreaterThan(3);
      expect(rounds).toBeLessThan(12);
      expect(outbox.items(ROOM)).toHaveLength(1);
    },
    30_000,
  );

  test('rate limited: waits as long as told, within reason, and sends the same again', async () => {
    await say('fast');
    await settle();
    const [first] = take();
    if (!first) throw new Error('nothing was sent');
    refuse(first, 'rate_limited', { wait: 5_000 });
    await clock.pass(4_900);
    expect(take()).toEqual([]);
    await clock.pass(200);
    const [second] = take();
    if (!second) throw new Error('nothing was sent again');
    expect(second.id).toBe(first.id);
    refuse(second, 'rate_limited', { wait: 10 ** 14 });
    await settle();
    expect(Math.max(...clock.waiting)).toBeLessThanOrEqual(30_000);
  });

  test('[D3] an acknowledgement that is lost: the same id again; one that comes twice: nothing more', async () => {
    await say('once');
    await settle();
    const [first] = take();
    if (!first) throw new Error('nothing was sent');
    await clock.pass(15_000); // no answer, yet the connection stands
    const [second] = take();
    if (!second) throw new Error('nothing was sent again');
    expect(second.id).toBe(first.id);
    await ack(second);
    await ack(second);
    await settle();
    expect(outbox.items(ROOM)).toEqual([]);
    expect(take()).toEqual([]);
  });

  test('[D3] a lost connection: goes out again under the same ids when it is back', async () => {
    await say('one');
    await settle();
    await say('two');
    const [first] = take();
    online = false;
    outbox.lost();
    await settle();
    expect(take()).toEqual([]);
    online = true;
    outbox.caughtUp([]);
    await settle();
    const again = take();
    expect(again).toHaveLength(2);
    expect(again[0]?.id).toBe(first?.id);
  });

  test.each(['internal', 'busy', 'a_code_of_tomorrow'])(
    '[attack 40, E3] %s is the server’s trouble: again later, ever more slowly, and no other message waits for it',
    async (code) => {
      const [odd, bad, good] = [await say('odd'), await say('bad'), await say('good')];
      let tries = 0;
      const answer = async () => {
        for (const frame of take()) {
          if (frame.id === good) await ack(frame);
          else if (frame.id === bad) refuse(frame, 'too_large');
          else {
            tries += 1;
            refuse(frame, code as 'internal');
          }
        }
        await settle();
      };
      await settle();
      for (let second = 0; second < 120; second += 1) {
        await answer();
        await clock.pass(1_000);
      }
      expect(outbox.items(ROOM)).toMatchObject([
        { id: odd, failed: null },
        { id: bad, failed: { code: 'too_large' } },
      ]);
      expect(tries).toBeGreaterThan(4);
      expect(tries).toBeLessThan(20);
      for (let second = 0; second < 40; second += 1) {
        for (const frame of take()) await ack(frame);
        await clock.pass(1_000);
      }
      expect(outbox.items(ROOM)).toMatchObject([{ id: bad }]);
    },
    30_000,
  );

  test('any other refusal fails this one message with its reason; retry sends it, discard drops it', async () => {
    const [bad, good] = [await say('bad'), await say('good')];
    await settle();
    for (const frame of take()) {
      if (frame.id === bad) refuse(frame, 'too_large');
      else await ack(frame);
    }
    await settle();
    // `good` may have gone out in a round of its own.
    for (const frame of take()) await ack(frame);
    await settle();
    expect(outbox.items(ROOM)).toMatchObject([{ id: bad, failed: { code: 'too_large' } }]);
    expect(outbox.items(ROOM).some((item) => item.id === good)).toBe(false);
    await outbox.retry(ROOM, bad);
    await settle();
    expect(take().map((frame) => frame.id)).toEqual([bad]);
    await outbox.discard(ROOM, bad);
    expect(outbox.items(ROOM)).toEqual([]);
  });
});

describe('[M2, attack 33] a copy of this device that runs elsewhere', () => {
  const shows = (counter: number) => async () => {
    const counters = { [counterName(me.account, me.device)]: counter };
    await rows.update(ROOM, (old) => ({ ...old, state: { ...old.state, counters } }));
  };

  test('took the counter first: the message goes out behind it, once, and the user is told', async () => {
    await say('collides');
    await settle();
    const [first] = take();
    if (!first) throw new Error('nothing was sent');
    const taken = headerOf(first).counter + 3;
    onSync = shows(taken);
    refuse(first, 'malformed');
    await settle();
    await clock.pass(60_000);
    const [second] = take();
    if (!second) throw new Error('nothing was sent again');
    expect(second.id).toBe(first.id);
    expect(headerOf(second).counter).toBeGreaterThan(taken);
    expect(alarms).toMatchObject([{ kind: 'copied-device', rule: 'M2', account: me.account }]);
    await ack(second);
    await settle();
    expect(outbox.items(ROOM)).toEqual([]);
  });

  test('is not to blame where the log shows nothing of it: that message fails', async () => {
    await say('odd');
    await settle();
    const [frame] = take();
    if (!frame) throw new Error('nothing was sent');
    refuse(frame, 'malformed');
    await settle();
    expect(outbox.items(ROOM)).toMatchObject([{ failed: { code: 'malformed' } }]);
    expect(alarms).toEqual([]);
  });
});

test('[R4, R5] nothing new under keys that somebody who left still holds; where new keys fail, it is tried again', async () => {
  isDue = true;
  let tries = 0;
  due = async () => {
    tries += 1;
    if (tries < 3) throw new ClientError('unreachable');
    isDue = false;
  };
  await say('not to her');
  await settle();
  expect(take()).toEqual([]);
  await clock.pass(5_000);
  expect(tries).toBe(3);
  expect(take()).toHaveLength(1);
});

test('out of the room: what waits fails with the reason', async () => {
  online = false;
  await say('too late');
  await rows.update(ROOM, (row) => ({ ...row, standing: 'removed' }));
  online = true;
  outbox.caughtUp([]);
  await settle();
  expect(take()).toEqual([]);
  expect(outbox.items(ROOM)).toMatchObject([{ failed: { code: 'not_member' } }]);
});

const fileRow = (file: FileId) =>
  storage.transaction(['files'], 'read', (tx) => tx.get<FileRow>('files', [file]));

/** A files message in the outbox, its file sealed. */
async function sayFile(): Promise<{ id: MessageId; file: FileId; up: () => Promise<boolean> }> {
  const id = randomId<MessageId>();
  const file = idFromBytes<FileId>(randomBytes(16));
  const bytes = new Uint8Array(32);
  const attachment = { file, key: bytes, hash: bytes, name: 'a.bin', type: 'a/b', size: 3 };
  const row: OutgoingFile = {
    state: 'outgoing',
    file,
    room: ROOM,
    message: id,
    size: 19,
    step: 'sealed',
    held: false,
  };
  await outbox.add(ROOM, { kind: 'files', files: [attachment], body: '' }, { id, files: [row] });
  const up = () =>
    outbox.advance(ROOM, id, (item) => ({ ...item, waits: [] }), {
      file,
      change: (old) => (old?.state === 'outgoing' ? { ...old, step: 'uploaded' } : undefined),
    });
  return { id, file, up };
}

test('[E3, M6] a message waits for its files, names them when it goes, and does not hold others back', async () => {
  const { id, file, up } = await sayFile();
  const text = await say('meanwhile');
  await settle();
  const others = take();
  expect(others.map((frame) => [frame.id, frame.files])).toEqual([[text, undefined]]);
  for (const frame of others) await ack(frame);
  expect(outbox.withFiles().map((item) => item.id)).toEqual([id]);
  await up();
  await settle();
  const frames = take();
  expect(frames.find((frame) => frame.id === id)?.files).toEqual([file]);
});

test('[M6] a file that the server misses is uploaded again, a few times at most', async () => {
  const { id, file, up } = await sayFile();
  for (let round = 0; round < 3; round += 1) {
    await up();
    await settle();
    const [frame] = take();
    if (!frame) throw new Error('nothing was sent');
    refuse(frame, 'file_missing');
    await settle();
    expect(outbox.items(ROOM)).toMatchObject([{ id, waits: [file], failed: null }]);
    expect(await fileRow(file)).toMatchObject({ state: 'outgoing', step: 'sealed' });
  }
  await up();
  await settle();
  const [frame] = take();
  if (!frame) throw new Error('nothing was sent');
  refuse(frame, 'file_missing');
  await settle();
  expect(outbox.items(ROOM)).toMatchObject([{ id, failed: { code: 'file_missing' } }]);
});

test('[M6] giving up a message dooms its files; giving up a deletion spares them', async () => {
  const { id, file } = await sayFile();
  await outbox.discard(ROOM, id);
  expect(await fileRow(file)).toEqual({ state: 'doomed', file, room: ROOM, after: null });
  online = false;
  const kept = idFromBytes<FileId>(randomBytes(16));
  const deletion = randomId<MessageId>();
  const row: FileRow = { state: 'doomed', file: kept, room: ROOM, after: deletion };
  await outbox.add(ROOM, { kind: 'delete', target: 1 }, { id: deletion, files: [row] });
  expect(await fileRow(kept)).toEqual(row);
  await outbox.discard(ROOM, deletion);
  expect(await fileRow(kept)).toBeUndefined();
});

test('[M6] what was not read to its end cannot be tried again', async () => {
  const { id } = await sayFile();
  await outbox.fail(ROOM, id, { code: 'usage', reason: 'file_unread' }, true);
  await outbox.retry(ROOM, id);
  expect(outbox.items(ROOM)).toMatchObject([{ id, failed: { code: 'usage' } }]);
});
