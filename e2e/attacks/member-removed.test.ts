import {
  asEpochSecret,
  decryptMessage,
  openWrap,
  sha256,
  VerificationError,
  verifyMessage,
} from '@sotto/crypto';
import { fromBase64Url, headerHash, PATHS, toBase64Url } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherHostile, type Stage, setStage, stillTalk } from './support/stage.ts';
import { texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

test('[attack 22] a removed member reads nothing that is sent after, with every secret it had and the server’s help', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const before = await mallory.read(room);
  expect(before.secret).toBeDefined();
  const socket = await mallory.connect();
  await alice.rooms.removeMember(room, mallory.account);
  await alice.messages.send(room, { body: 'she is out' });
  await until(() => texts(bob, room).includes('she is out'), 'Bob reads on');

  // What the honest server gives her: nothing behind the entry that removed her.
  const { until: end } = (await socket.take('room', (frame) => frame.room.until !== null)).room;
  const page = await mallory.call('GET', `${PATHS.log(room)}?after=0`);
  expect(page.json.head).toBe(end);
  expect(socket.frames.some((f) => f.t === 'entries' && f.entries.some((e) => e.position > (end ?? 0)))).toBe(
    false,
  );
  const hers = stage.log(room).findLast(({ kind }) => kind === 'epoch');
  if (!hers) throw new Error('no header removed her');
  const headers = [headerHash(await sha256(hers.body))];
  expect((await mallory.call('POST', PATHS.requests(room), { headers })).json.code).toBe('forbidden');
  expect(
    (await mallory.call('GET', PATHS.wraps)).json.wraps.filter((w: { epoch: number }) => w.epoch > 1),
  ).toEqual([]);

  // What a colluding server gives her: the ciphertext. It does not open under anything she holds.
  const secret = stage.log(room).find((entry) => entry.account === alice.id && entry.position > (end ?? 0));
  if (!secret) throw new Error('the message is not in the log');
  const list = (await mallory.keysOf([alice.id])).get(alice.id)?.list;
  const signing = list?.list.devices[0]?.signing;
  if (!signing) throw new Error('no key of Alice');
  for (const held of mallory.secrets.values()) {
    const { account, device, id, body } = secret;
    const claim = { room, kind: 'log' as const, account, device, id, signing };
    const message = await verifyMessage(body, claim);
    await expect(decryptMessage(message, held)).rejects.toMatchObject({ code: 'cannot_decrypt' });
  }

  // She still sends, under the old keys and under any epoch: the server takes none of it.
  for (const epoch of [1, 2]) {
    const content = { kind: 'text', body: 'I am still here' } as const;
    const { header } = before.header;
    const frame = await mallory.seal(room, content, { epoch }, asEpochSecret(before.secret as never));
    expect(header.epoch).toBe(1);
    expect(await socket.say(frame)).toMatchObject({ t: 'refused', code: 'not_member' });
  }
  await stillTalk({ alice, bob, room }, 'without her');
  expect(texts(bob, room)).not.toContain('I am still here');
  const told = bob
    .timeline(room)
    .state.items.some(
      (item) =>
        item.type === 'system' && item.event.type === 'removed' && item.event.account === mallory.account,
    );
  expect(told, 'Bob is told that she is out').toBe(true);
  socket.close();
});

test('[attack 22, R2] wraps made for others do not open for a removed member, nor for anyone else', async () => {
  const { alice, mallory, room } = await gatherHostile(stage);
  const { header, secret } = await mallory.read(room);
  const forged = await mallory.forge(room);
  const own = forged.body.wraps.find((wrap) => (wrap as { device: string }).device === mallory.device);
  const hers = forged.body.wraps.find((wrap) => (wrap as { device: string }).device !== mallory.device);
  const open = (wrap: unknown, under = forged.header) =>
    openWrap((wrap as { body: never }).body, under, mallory.device, mallory.exchange);
  expect(toBase64Url(await open(own))).toBe(toBase64Url(forged.secret));
  await expect(open(hers)).rejects.toBeInstanceOf(VerificationError);
  // Bound to its header: a wrap of another epoch is none of this one.
  await expect(open(own, header)).rejects.toMatchObject({ code: 'bad_wrap' });
  expect(fromBase64Url(toBase64Url(secret ?? new Uint8Array()))?.length).toBe(32);
  expect(alice.state.notices).toEqual([]);
});
