import type { Engine } from '@sotto/client';
import { padme } from '@sotto/crypto';
import { type Bytes, fromBase64Url, MessageEnvelopeCodec, type RoomId, splitSigned } from '@sotto/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parcel } from '../support/parcels.ts';
import { converse, type Scene, setScene, texts, until } from './support/story.ts';

const TAG = 16;
/** All that is short shares one size. */
const SMALLEST = 128 + TAG;

let scene: Scene;
let alice: Engine;
let bob: Engine;
let room: RoomId;
/** Bytes of ciphertext in each frame that people sent, as the server sees them. */
let sizes: number[] = [];

beforeAll(async () => {
  scene = await setScene();
  scene.liar.heard = (frame) => {
    if (typeof frame.body === 'string') sizes.push(ciphertextOf(frame.body));
    return true;
  };
  alice = await scene.person('Alice');
  bob = await scene.person('Bob');
  room = await converse(alice, bob);
});
beforeEach(() => {
  sizes = [];
});
afterAll(() => scene.end());

function ciphertextOf(body: string): number {
  const signed = fromBase64Url(body) as Bytes;
  return MessageEnvelopeCodec.decode(splitSigned(signed).payload).ciphertext.length;
}

async function say(body: string): Promise<void> {
  await alice.messages.send(room, { body });
  await until(() => texts(bob, room).includes(body), 'Bob reads');
}

test('[attack 35, M3] yes, no, a reaction, an edit, a deletion, typing and read receipts are all of one size', async () => {
  await say('yes');
  await say('no');
  await say('perhaps, if the weather is fine on Sunday');
  const items = alice.timeline(room).state.items;
  const position = items.findLast((item) => item.type === 'message' && item.position !== null)?.position ?? 0;
  await alice.messages.react(room, position, '👍', true);
  await alice.messages.edit(room, position, 'no, after all');
  alice.messages.setTyping(room, true);
  await bob.messages.markRead(room, position);
  await until(() => texts(bob, room).includes('no, after all'), 'Bob reads the edit');
  await alice.messages.remove(room, position);
  await until(() => !texts(bob, room).includes('no, after all'), 'it is gone');
  expect(sizes.length).toBeGreaterThanOrEqual(7);
  expect(new Set(sizes)).toEqual(new Set([SMALLEST]));
});

test('[attack 35, M3] longer texts fall into few sizes, each at most 12 % above', async () => {
  const lengths = Array.from({ length: 40 }, (_, index) => 200 + index * 7);
  for (const length of lengths) await alice.messages.send(room, { body: 'x'.repeat(length) });
  await until(() => texts(bob, room).includes('x'.repeat(lengths.at(-1) ?? 0)), 'Bob reads the last');
  const seen = new Set(sizes);
  for (const size of seen) expect(padme(size - TAG), `${size}`).toBe(size - TAG);
  expect(seen.size).toBeLessThanOrEqual(lengths.length / 2);
  const around = 40; // what the content holds beside the text
  expect(Math.max(...seen)).toBeLessThan(((lengths.at(-1) ?? 0) + around) * 1.12 + TAG);
});

test('[attack 35, M6] what a message tells of its files is padded like text', async () => {
  const names = ['a', 'holiday.jpg', 'minutes of the meeting in March.odt'];
  for (const name of names) await alice.files.send(room, { files: [parcel(name, 10)] });
  await until(() => sizes.length >= names.length + 1, 'they are sent', 30_000);
  for (const size of sizes) expect(padme(size - TAG), `${size}`).toBe(size - TAG);
});
