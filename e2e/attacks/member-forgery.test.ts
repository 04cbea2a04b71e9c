import { randomId } from '@sotto/crypto';
import { fromBase64Url, type MessageId, toBase64Url } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherHostile, type Stage, setStage, stillTalk } from './support/stage.ts';
import { refusedRules, texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const bytes = (text: string) => fromBase64Url(text) as Uint8Array<ArrayBuffer>;

test('[attack 24] writing as another member: refused by the server, and by every client where the server lets it pass', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const socket = await mallory.connect();
  const asBob = { account: bob.id, device: bob.state.self.device };
  const frame = await mallory.seal(room, { kind: 'text', body: 'I, Bob, resign' }, asBob);
  expect(await socket.say(frame)).toMatchObject({ t: 'refused', code: 'malformed' });

  // A colluding server writes it into the log: once as Bob's, once as Mallory's own with Bob inside.
  await stage.inject(room, { kind: 'message', ...asBob, id: frame.id, body: bytes(frame.body) });
  const { account, device } = mallory;
  await stage.inject(room, { kind: 'message', account, device, id: frame.id, body: bytes(frame.body) });
  await stillTalk({ alice, bob, room }, 'after forgery');
  for (const person of [alice, bob]) {
    expect(texts(person, room)).not.toContain('I, Bob, resign');
    expect(refusedRules(person, room)).toEqual(['M3', 'M2']); // the signature; the sender sealed inside
    expect(
      person.state.notices.some((notice) => notice.kind === 'alarm'),
      'the user is told',
    ).toBe(true);
  }
  socket.close();
});

test('[attack 25] another’s message sent again as fresh is rejected, under whatever name and id', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  await bob.messages.send(room, { body: 'pay 10' });
  await until(() => texts(alice, room).includes('pay 10'), 'Alice reads');
  const original = stage.log(room).find((entry) => entry.account === bob.id);
  if (!original) throw new Error('Bob’s message is not in the log');
  const socket = await mallory.connect();
  const body = toBase64Url(original.body);
  for (const id of [original.id, randomId<MessageId>()]) {
    const answer = await socket.say({ t: 'send', room, epoch: 1, id, body });
    expect(answer).toMatchObject({ t: 'refused', code: 'malformed' });
  }
  const { account, device } = mallory;
  const again = randomId<MessageId>();
  await stage.inject(room, { ...original, id: again }); // as Bob's, new id
  await stage.inject(room, { ...original, account, device }); // as Mallory's
  await stillTalk({ alice, bob, room }, 'after replay');
  for (const person of [alice, bob]) {
    expect(texts(person, room).filter((text) => text === 'pay 10')).toHaveLength(1);
    expect(refusedRules(person, room)).toEqual(['M2', 'M3']);
  }
  socket.close();
});

test('[attack 25, D3, M2] one’s own old message again: same id once, new id or old counter refused by all alike', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const socket = await mallory.connect();
  const frame = await mallory.seal(room, { kind: 'text', body: 'once' });
  const first = await socket.say(frame);
  expect(first).toMatchObject({ t: 'ack' });
  expect(await socket.say(frame)).toMatchObject({
    t: 'ack',
    position: (first as { position: number }).position,
  });
  const other = randomId<MessageId>();
  expect(await socket.say({ ...frame, id: other })).toMatchObject({ t: 'refused', code: 'malformed' });
  // Signed anew under a fresh id, with the counter of before: refused, and by every client where it is let pass.
  const stale = await mallory.seal(room, { kind: 'text', body: 'twice' }, { counter: 1 });
  expect(await socket.say(stale)).toMatchObject({ t: 'refused', code: 'malformed' });
  const { account, device } = mallory;
  await stage.inject(room, { kind: 'message', account, device, id: stale.id, body: bytes(stale.body) });
  await stillTalk({ alice, bob, room }, 'after old counters');
  for (const person of [alice, bob]) {
    expect(texts(person, room).filter((text) => text === 'once')).toHaveLength(1);
    expect(texts(person, room)).not.toContain('twice');
    expect(refusedRules(person, room)).toEqual(['M2']);
  }
  socket.close();
});
