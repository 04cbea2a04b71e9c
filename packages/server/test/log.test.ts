import { type MessageId, PATHS } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { Person } from './support/person.ts';
import { member, Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { newGroupId, randomId } from './support/signing.ts';
import { connect } from './support/socket.ts';

async function roomOfTwo(options = {}) {
  const { origin } = await makeServer(options);
  const [ann, ben] = [await Person.guest(origin), await Person.guest(origin)];
  const room = await Room.group(ann, [ben]);
  return { ann, ben, room, a: await connect(ann), b: await connect(ben) };
}

describe('sending', () => {
  test('[D3] a retry gets the first answer, before its epoch is looked at', async () => {
    const { ann, room, a, b } = await roomOfTwo();
    const sent = room.message(ann);
    a.send({ t: 'send', ...sent });
    const first = await a.take('ack');
    a.send({ t: 'send', ...sent });
    expect(await a.take('ack')).toEqual(first);
    await room.commit(ann);
    a.send({ t: 'send', ...sent }); // under the old epoch
    expect(await a.take('ack')).toEqual(first);
    a.send({ t: 'send', ...room.message(ann, { id: sent.id }) }); // sealed again under the new one
    expect(await a.take('ack')).toEqual(first);
    await b.settle();
    const messages = b.seen('entries').filter((frame) => JSON.stringify(frame).includes(sent.id));
    expect(messages).toHaveLength(1);
  });

  test('[D3] twice in one commit is once', async () => {
    const { ann, room, a } = await roomOfTwo();
    const sent = room.message(ann);
    for (let i = 0; i < 3; i++) a.send({ t: 'send', ...sent });
    const acks = [await a.take('ack'), await a.take('ack'), await a.take('ack')];
    expect(new Set(acks.map(({ position }) => position))).toEqual(new Set([2]));
  });

  test('[R5] [attack 5] a message for another epoch is refused with the current one', async () => {
    const { ann, room, a } = await roomOfTwo();
    const early = room.message(ann);
    await room.commit(ann);
    a.send({ t: 'send', ...early });
    expect(await a.take('refused')).toMatchObject({
      re: 'send',
      code: 'stale_epoch',
      epoch: 2,
      id: early.id,
    });
    a.send({ t: 'send', ...room.message(ann) });
    expect(await a.take('ack')).toMatchObject({ position: 3 });
  });

  test('an id that stands for another kind of entry is refused', async () => {
    const { ann, room, a } = await roomOfTwo();
    const id = (await ann.call('GET', `${PATHS.log(room.room)}?after=0`)).json.entries[0].id as MessageId;
    a.send({ t: 'send', ...room.message(ann, { id }) });
    expect((await a.take('refused')).code).toBe('id_reused');
  });

  test('[M2] [attack 15] the readable header inside must be the sender’s own', async () => {
    const { ann, ben, room, a } = await roomOfTwo();
    const other = await Room.group(ann, []);
    for (const wrong of [
      room.message(ben),
      { ...room.message(ann), id: randomId<MessageId>() },
      { ...room.message(ann), epoch: 2 },
      { ...other.message(ann), room: room.room },
      room.message(ann, { kind: 'signal' }),
    ]) {
      a.send({ t: 'send', ...wrong });
      expect((await a.take('refused')).code).toBe('malformed');
    }
  });

  test('[M2] [attack 27] an old counter or another list is refused, since every client would refuse it', async () => {
    const { ann, ben, room, a, b } = await roomOfTwo();
    const say = async (socket: typeof a, message: ReturnType<typeof room.message>) => {
      socket.send({ t: 'send', ...message });
      const answer = await Promise.race([
        socket.take('ack', ({ id }) => id === message.id),
        socket.take('refused', ({ id }) => id === message.id),
      ]);
      return answer.t === 'ack' ? 'ack' : answer.code;
    };
    const sent = room.message(ann, { counter: 5 });
    expect(await say(a, sent)).toBe('ack');
    expect(await say(a, sent)).toBe('ack'); // D3: a retry is no replay
    expect(await say(a, room.message(ann, { counter: 5 }))).toBe('malformed');
    expect(await say(a, room.message(ann, { counter: 4 }))).toBe('malformed');
    expect(await say(b, room.message(ben, { counter: 1 }))).toBe('ack');
    const tablet = await ann.makeDevice();
    await ann.setDevices(ann.first, tablet);
    expect(await say(a, room.message(ann, { counter: 6, list: 2 }))).toBe('malformed'); // not pinned yet
    expect(await say(a, room.message(ann, { counter: 6, list: 1 }))).toBe('ack');
    await room.commit(ann, { members: [member(ann, 'admin'), member(ben)] });
    expect(await say(a, room.message(ann, { counter: 7, list: 1 }))).toBe('malformed');
    expect(await say(a, room.message(ann, { counter: 7 }))).toBe('ack');
    const t = await connect(ann, tablet);
    expect(await say(t, room.message(ann, { counter: 1, device: tablet }))).toBe('ack');
    for (const kind of ['signal', 'receipt'] as const) {
      const { body, epoch } = room.message(ann, { kind, list: 1 });
      a.send({ t: kind, room: room.room, epoch, body });
      expect(await a.take('refused')).toMatchObject({ re: kind, code: 'malformed' });
      const good = room.message(ann, { kind, counter: 1 }); // counted apart from the log
      a.send({ t: kind, room: room.room, epoch, body: good.body });
      if (kind === 'signal') expect((await b.take(kind)).body).toBe(good.body);
      else expect((await b.take('receipts')).receipts.map((receipt) => receipt.body)).toEqual([good.body]);
    }
  });

  test('[D1] positions have no gap and one order for everyone, however many write', async () => {
    const { ann, ben, room, a, b } = await roomOfTwo();
    const each = 60;
    for (let i = 0; i < each; i++) {
      a.send({ t: 'send', ...room.message(ann) });
      b.send({ t: 'send', ...room.message(ben) });
    }
    const orders = [];
    for (const socket of [a, b]) {
      for (let i = 0; i < each; i++) await socket.take('ack');
      const order = [];
      while (order.length < 2 * each) order.push(...(await socket.take('entries')).entries);
      orders.push(order.map(({ position, id }) => `${position} ${id}`));
      expect(order.map(({ position }) => position)).toEqual(order.map((_, index) => index + 2));
    }
    expect(orders[0]).toEqual(orders[1]);
  });

  test('[D1] messages and epochs share the log without a gap', async () => {
    const { ann, room, a, b } = await roomOfTwo();
    const burst = Array.from({ length: 20 }, () => room.message(ann));
    for (const sent of burst.slice(0, 10)) a.send({ t: 'send', ...sent });
    const [committed] = await Promise.all([
      room.commit(ann),
      ...burst.slice(10).map(async (sent) => a.send({ t: 'send', ...sent })),
    ]);
    expect(committed.status).toBe(201);
    await a.settle();
    await b.settle();
    const seen = b.frames.flatMap((frame) => (frame.t === 'entries' ? frame.entries : []));
    expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => index + 2));
  });
});

describe('signals and receipts', () => {
  test('signals reach the others and other tabs, never the sender, and are not kept', async () => {
    const { ann, room, a, b } = await roomOfTwo();
    const tab = await connect(ann);
    const { body, epoch } = room.message(ann, { kind: 'signal' });
    a.send({ t: 'signal', room: room.room, epoch, body });
    for (const socket of [b, tab]) {
      expect(await socket.take('signal')).toEqual({
        t: 'signal',
        room: room.room,
        account: ann.account,
        device: ann.first.device,
        body,
      });
    }
    await a.settle();
    expect(a.seen('signal')).toEqual([]);
    expect((await ann.call('GET', `${PATHS.log(room.room)}?after=1`)).json.entries).toEqual([]);
  });

  test('of receipts the newest per device is kept', async () => {
    const { ann, ben, room, a, b } = await roomOfTwo();
    const receipts = [1, 2, 3].map(() => room.message(ann, { kind: 'receipt' }));
    for (const { body, epoch } of receipts) {
      a.send({ t: 'receipt', room: room.room, epoch, body });
      const receipt = { account: ann.account, device: ann.first.device, body };
      expect(await b.take('receipts')).toEqual({ t: 'receipts', room: room.room, receipts: [receipt] });
      // Whether or not it is on the disk yet.
      expect((await ben.call('GET', PATHS.receipts(room.room))).json.receipts).toEqual([receipt]);
    }
    await a.settle();
    expect(a.seen('receipts')).toEqual([]);
  });

  test('[attack 53] receipts are for members: not for who is out, and a stranger learns nothing of the room', async () => {
    const { ann, ben, room, a } = await roomOfTwo();
    const stranger = await Person.guest(ann.origin);
    const { body, epoch } = room.message(ann, { kind: 'receipt' });
    a.send({ t: 'receipt', room: room.room, epoch, body });
    await a.settle();
    const read = async (person: Person, of = room.room) =>
      (await person.call('GET', PATHS.receipts(of))).json;
    expect((await read(ben)).receipts).toHaveLength(1);
    await room.commit(ann, { members: [member(ann, 'admin')] });
    const refused = [await read(stranger), await read(ben), await read(stranger, newGroupId())];
    expect(refused.map(({ code }) => code)).toEqual(['not_member', 'not_member', 'not_member']);
    expect(new Set(refused.map((json) => JSON.stringify(json))).size).toBe(1);
    expect((await read(ann)).receipts).toHaveLength(1);
  });

  test.each(['signal', 'receipt'] as const)(
    '[R5] a %s for another epoch, or from outside, is refused',
    async (kind) => {
      const { ann, ben, room, a, b } = await roomOfTwo();
      const say = (socket: typeof a, { body, epoch }: { body: string; epoch: number }) =>
        socket.send({ t: kind, room: room.room, epoch, body });
      say(a, room.message(ann, { kind, epoch: 7 }));
      expect(await a.take('refused')).toMatchObject({ re: kind, code: 'stale_epoch', epoch: 1 });
      const early = room.message(ann, { kind });
      await room.commit(ann);
      say(a, early);
      expect(await a.take('refused')).toMatchObject({ re: kind, code: 'stale_epoch', epoch: 2 });
      say(a, room.message(ann, { kind, list: 2 }));
      expect(await a.take('refused')).toMatchObject({ re: kind, code: 'malformed' });
      await b.settle();
      expect([...b.seen('signal'), ...b.seen('receipts')]).toEqual([]);
      expect((await ben.call('GET', PATHS.receipts(room.room))).json.receipts).toEqual([]);
      await room.commit(ann, { members: [member(ann, 'admin')] });
      say(b, room.message(ben, { kind }));
      expect(await b.take('refused')).toMatchObject({ re: kind, code: 'not_member' });
    },
  );
});

describe('pages', () => {
  test('[D1] pages run both ways, bounded in entries and bytes', async () => {
    const { ann, room, a } = await roomOfTwo();
    for (let i = 0; i < 40; i++) a.send({ t: 'send', ...room.message(ann, { size: 50_000 }) });
    for (let i = 0; i < 40; i++) await a.take('ack');
    const page = async (query: string) => {
      const { json } = await ann.call('GET', `${PATHS.log(room.room)}?${query}`);
      return json.entries?.map(({ position }: { position: number }) => position) ?? json.code;
    };
    expect(await page('after=0&limit=3')).toEqual([1, 2, 3]);
    expect(await page('before=10&limit=3')).toEqual([7, 8, 9]);
    expect(await page('before=1')).toEqual([]);
    expect(await page('after=99')).toEqual([]);
    expect((await page('after=1')).length).toBe(20); // 1 MiB
    expect((await page('before=99')).at(-1)).toBe(41);
    for (const query of ['', 'after=1&before=2', 'after=-1', 'after=x', 'after=0&limit=0']) {
      expect(await page(query), query).toBe('malformed');
    }
  });
});
