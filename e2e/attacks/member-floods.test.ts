import type { Engine } from '@sotto/client';
import type { Content } from '@sotto/crypto';
import { type AccountId, LIMITS, PATHS, type RoomId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RawSocket } from './support/raw-socket.ts';
import { gatherHostile, type Stage, setStage, stillTalk } from './support/stage.ts';
import { refusedRules, texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage({ sends: { burst: 10_000, perSecond: 10_000 } });
});
afterEach(() => stage.end());

const messageOf = (engine: Engine, room: RoomId, body: string) => {
  const item = engine.timeline(room).state.items.find((i) => i.type === 'message' && i.body === body);
  return item?.type === 'message' ? item : undefined;
};

async function closedOrRefused(socket: RawSocket): Promise<string> {
  await until(() => socket.closed !== null || socket.frames.some((f) => f.t === 'refused'), 'an answer');
  const refused = socket.frames.find((frame) => frame.t === 'refused');
  return refused?.t === 'refused' ? refused.code : `closed ${socket.closed?.code}`;
}

test('[attack 29, D7] enormous, nested and endless input to the server is refused before it costs, and others notice nothing', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const frames: Record<string, string> = {
    'larger than any frame': `{"t":"send","body":"${'A'.repeat(LIMITS.frame)}"}`,
    'a body larger than any message': JSON.stringify({
      ...(await mallory.seal(room, { kind: 'text', body: 'x' })),
      body: 'A'.repeat(LIMITS.message * 1.4),
    }),
    'nested JSON': '['.repeat(60_000),
    'nested and closed': `{"t":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    'a body that is no envelope': JSON.stringify({
      ...(await mallory.seal(room, { kind: 'text', body: 'x' })),
      body: 'gg'.repeat(200),
    }),
    'not JSON': '\u0000'.repeat(1_000),
  };
  for (const [what, text] of Object.entries(frames)) {
    const socket = await mallory.connect();
    socket.send(text);
    expect(await closedOrRefused(socket), what).toMatch(
      /^(malformed|too_large|closed (1009|1008|4429|1006))$/,
    );
    socket.close();
  }
  const nested = '['.repeat(LIMITS.openBody);
  const answer = await fetch(`${stage.server.origin}${PATHS.accounts}`, { method: 'POST', body: nested });
  expect(answer.status).toBe(400);
  const huge = await fetch(`${stage.server.origin}${PATHS.accounts}`, {
    method: 'POST',
    body: 'x'.repeat(LIMITS.httpBody + 1),
  });
  expect(huge.status).toBe(413);
  const endless = await mallory.connect();
  for (let i = 0; i < 3_000 && !endless.closed; i++) endless.send('{"t":"nothing"}');
  await until(() => endless.closed !== null, 'who never stops is put out');
  expect(endless.closed?.code).toBe(4429);
  await stillTalk({ alice, bob, room }, 'undisturbed');
});

test('[attack 29, M4] giant and malformed content inside validly signed messages is refused alike by every client', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const socket = await mallory.connect();
  const ghost = 'A'.repeat(22) as AccountId;
  let deep: unknown = 1;
  for (let i = 0; i < 2_000; i++) deep = [deep];
  const bombs: Record<string, unknown> = {
    'a text beyond the limit': { kind: 'text', body: 'x'.repeat(LIMITS.text + 1) },
    'a list of mentions without end': {
      kind: 'text',
      body: 'x',
      mentions: Array.from({ length: 1_000 }, () => ghost),
    },
    // With a reply, since what has neither that nor mentions is written as text whatever it is.
    'nested without end': { kind: 'text', body: deep, reply: 1 },
    'an emoji like a book': { kind: 'reaction', target: 2, emoji: 'x'.repeat(20_000), on: true },
    'a target that is no position': { kind: 'edit', target: -1, body: 'x' },
    'a target beyond all positions': { kind: 'edit', target: LIMITS.count + 1, body: 'x' },
    'a target before all positions': { kind: 'delete', target: 0 },
    'a reply before all positions': { kind: 'text', body: 'x', reply: 0 },
    'no emoji at all': { kind: 'reaction', target: 2, emoji: '', on: true },
    'a map of a thousand keys': {
      kind: 'text',
      body: Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i])),
      reply: 1,
    },
  };
  for (const [what, content] of Object.entries(bombs)) {
    expect((await socket.say(await mallory.seal(room, content as Content))).t, what).toBe('ack');
  }
  // Well formed, and pointing nowhere: they change nothing.
  for (const content of [
    { kind: 'edit', target: LIMITS.count, body: 'x' },
    { kind: 'reaction', target: LIMITS.count, emoji: '👍', on: true },
    { kind: 'text', body: 'x'.repeat(LIMITS.text), reply: LIMITS.count },
  ] as const) {
    expect((await socket.say(await mallory.seal(room, content))).t).toBe('ack');
  }
  await stillTalk({ alice, bob, room }, 'unimpressed');
  for (const person of [alice, bob]) {
    expect(refusedRules(person, room)).toEqual(Object.keys(bombs).map(() => 'M4'));
    expect(texts(person, room).filter((text) => text.startsWith('xx'))).toHaveLength(1);
    expect(person.state.notices.length, 'told, in bounded numbers').toBeLessThanOrEqual(50);
  }
  socket.close();
});

test('[attack 29] a flood of different reactions neither stalls a client nor grows without bound', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const target = (messageOf(bob, room, 'welcome')?.position ?? 0) as number;
  expect(target).toBeGreaterThan(0);
  alice.timeline(room);
  const socket = await mallory.connect();
  const FLOOD = 1_500;
  const sealed = await mallory.sealMany(
    room,
    Array.from(
      { length: FLOOD },
      (_, i) => ({ kind: 'reaction', target, emoji: `e${i}`, on: true }) as const,
    ),
  );
  const begun = performance.now();
  for (const frame of sealed) socket.send(frame);
  await bob.messages.send(room, { body: 'through the flood' });
  await until(() => texts(alice, room).includes('through the flood'), 'Bob gets through', 30_000);
  expect(performance.now() - begun).toBeLessThan(30_000);
  await bob.messages.react(room, target, '👍', true);
  for (const person of [alice, bob]) {
    await until(() => (messageOf(person, room, 'welcome')?.reactions.length ?? 0) > 0, 'reactions show');
    expect(messageOf(person, room, 'welcome')?.reactions.length).toBeLessThanOrEqual(64);
  }
  await stillTalk({ alice, bob, room }, 'after the flood');
  socket.close();
});
