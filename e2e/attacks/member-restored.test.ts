import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MessageEnvelopeCodec, MessageHeaderCodec, splitSigned, toBase64Url } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquaintedSotto } from '../support/acquainted.ts';
import { nodeExecutable } from '../support/node.ts';
import { type Stage, type Stored, setStage } from './support/stage.ts';
import { converse, refusedRules, texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const headerOf = (entry: Stored) =>
  MessageHeaderCodec.decode(MessageEnvelopeCodec.decode(splitSigned(entry.body).payload).header);

/** M1, M2: over everything a device ever sealed into this log. */
function expectFresh(entries: readonly Stored[]): void {
  const headers = entries.filter((entry) => entry.kind === 'message').map(headerOf);
  const counters = headers.map((header) => header.counter);
  expect(counters, 'counters only grow').toEqual([...new Set(counters)].sort((a, b) => a - b));
  expect(new Set(headers.map((header) => toBase64Url(header.salt))).size, 'no salt twice').toBe(
    headers.length,
  );
}

test('[attack 33, M2] a store restored from a copy goes on with fresh counters and salts, and everyone reads it', async () => {
  const [alice, bob] = [await stage.person('Alice'), await stage.person('Bob')];
  const room = await converse(alice, bob);
  const folder = stage.folderOf(alice);
  const copy = `${folder}-copy`;
  const { id: account } = alice;
  await alice.close();
  await cp(folder, copy, { recursive: true });

  const open = (directory: string) =>
    acquaintedSotto({ server: stage.server.origin, directory }).resume(account);
  const original = await open(folder);
  for (let i = 0; i < 12; i++) await original.messages.send(room, { body: `original ${i}` });
  await until(() => texts(bob, room).includes('original 11'), 'the original goes on');
  await original.close();

  // The copy knows nothing of the twelve. It sends in the very moment its connection opens.
  const restored = await open(copy);
  await restored.messages.send(room, { body: 'before it is online' });
  await until(() => restored.state.connection.status === 'online', 'it is online');
  await restored.messages.send(room, { body: 'at once' });
  for (let i = 0; i < 5; i++) await restored.messages.send(room, { body: `restored ${i}` });
  await until(() => texts(bob, room).includes('restored 4'), 'Bob reads the restored device');
  const all = [
    'hello',
    'hello back',
    ...Array.from({ length: 12 }, (_, i) => `original ${i}`),
    'before it is online',
    'at once',
    ...Array.from({ length: 5 }, (_, i) => `restored ${i}`),
  ];
  expect(texts(bob, room)).toEqual(all);
  expect(refusedRules(bob, room)).toEqual([]);
  await until(() => texts(restored, room).length === all.length, 'the restored device shows the same');
  expect(texts(restored, room)).toEqual(all);
  expectFresh(stage.log(room).filter((entry) => entry.account === account));
  await restored.close();
  await rm(copy, { recursive: true });
});

test('[attack 33, E3] a program killed at any moment while it sends: what it kept arrives, each message once', async () => {
  const [alice, bob] = [await stage.person('Alice'), await stage.person('Bob')];
  const room = await converse(alice, bob);
  const folder = stage.folderOf(alice);
  const { id: account } = alice;
  await alice.close();
  const kept = new Set<number>();
  let next = 0;
  const script = join(import.meta.dirname, 'support/sender.ts');
  for (const life of [15, 40, 75, 120, 180, 260, 330, 410]) {
    const child: ChildProcess = spawn(
      nodeExecutable(),
      [
        '--disable-warning=ExperimentalWarning',
        script,
        stage.server.origin,
        folder,
        account,
        room,
        String(next),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    const opened = new Promise<void>((resolve) => {
      let rest = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString('utf8')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const [what, number] = line.split(' ');
          if (what === 'open') resolve();
          if (what === 'try') next = Math.max(next, Number(number) + 1);
          if (what === 'kept') kept.add(Number(number));
        }
      });
    });
    await Promise.race([opened, exited]);
    await new Promise((resolve) => setTimeout(resolve, life));
    child.kill('SIGKILL');
    await exited;
  }
  expect(kept.size, 'the lives were long enough to keep something').toBeGreaterThan(10);
  const again = await acquaintedSotto({ server: stage.server.origin, directory: folder }).resume(account);
  const numbers = () =>
    texts(bob, room)
      .flatMap((text) => text.match(/^number (\d+)$/)?.[1] ?? [])
      .map(Number);
  await until(
    () => [...kept].every((number) => numbers().includes(number)),
    'all that was kept arrives',
    30_000,
  );
  await until(
    () => again.timeline(room).state.items.every((item) => item.type !== 'message' || item.position !== null),
    'the outbox is empty',
  );
  expect(new Set(numbers()).size, 'nothing twice').toBe(numbers().length);
  expect(numbers(), 'in the order of writing').toEqual([...numbers()].sort((a, b) => a - b));
  expect(refusedRules(bob, room)).toEqual([]);
  expectFresh(stage.log(room).filter((entry) => entry.account === account));
  await again.close();
});
