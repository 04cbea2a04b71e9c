import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@sotto/client';
import { createNodeSotto } from '@sotto/client/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LyingServer, startLyingServer } from '../attacks/support/lying-server.ts';
import { converse, gather, texts, until } from '../attacks/support/story.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

/** One per kind of content, so that a leak names itself. */
const CANARIES = {
  direct: 'canary-direct-hums-at-noon',
  group: 'canary-group-sings-at-dawn',
  edit: 'canary-edit-whistles-twice',
  roomName: 'canary-room-of-feathers',
  topic: 'canary-topic-about-seeds',
  draft: 'canary-draft-never-flew',
} as const;

let server: ServerProcess;
let proxy: LyingServer;
let folder: string;
const engines: Engine[] = [];
const wire: string[] = [];

async function person(name: string): Promise<Engine> {
  const sotto = createNodeSotto({ server: proxy.origin, directory: join(folder, name) });
  const engine = await sotto.createGuest(name);
  engines.push(engine);
  await until(() => engine.state.connection.status === 'online', `${name} is online`);
  return engine;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-canary-'));
  // The proxy only listens here: it hands everything on as it is.
  proxy = await startLyingServer(() => server.origin);
  proxy.asked = ({ json }) => void wire.push(JSON.stringify(json));
  proxy.answer = ({ json }) => void wire.push(JSON.stringify(json));
  proxy.frame = (frame) => void wire.push(JSON.stringify(frame));
  proxy.heard = (frame) => wire.push(JSON.stringify(frame)) > 0;
  server = await startServerProcess({ env: { SOTTO_ORIGIN: proxy.origin, SOTTO_LOG: 'debug' } });

  const alice = await person('Alice Songbird');
  const bob = await person('Bob Songbird');
  const direct = await converse(alice, bob);
  await alice.sendText(direct, { body: CANARIES.direct });
  await until(() => texts(bob, direct).includes(CANARIES.direct), 'Bob reads the direct canary');
  const group = await gather(alice, [bob], CANARIES.roomName);
  await alice.rename(group, { name: CANARIES.roomName, topic: CANARIES.topic });
  await until(() => bob.state.rooms.get(group)?.topic === CANARIES.topic, 'Bob sees the topic');
  await alice.sendText(group, { body: CANARIES.group });
  await until(() => texts(bob, group).includes(CANARIES.group), 'Bob reads the group canary');
  const position = () => {
    const item = alice
      .timeline(group)
      .state.items.find((i) => i.type === 'message' && i.body === CANARIES.group);
    return item?.position ?? 0;
  };
  await until(() => position() > 0, 'Alice knows its place in the log');
  const place = position();
  await alice.edit(group, place, CANARIES.edit);
  await until(() => texts(bob, group).includes(CANARIES.edit), 'Bob reads the edit');
  await alice.react(group, place, '🐤', true);
  await alice.setDraft(group, CANARIES.draft);
});

afterAll(async () => {
  for (const engine of engines) await engine.close();
  await proxy.close();
  await server.end();
  await rm(folder, { recursive: true, force: true });
});

/** Names of the canaries in a text, as written and in base64 at any of its three offsets. */
function found(text: string): string[] {
  return Object.entries(CANARIES)
    .filter(([, canary]) => formsOf(canary).some((form) => text.includes(form)))
    .map(([name]) => name);
}

function formsOf(canary: string): string[] {
  const shifted = ['', 'x', 'xx'].map((prefix) =>
    Buffer.from(prefix + canary)
      .toString('base64url')
      .slice(4, -4),
  );
  const hex = Buffer.from(canary).toString('hex');
  return [canary, hex, ...shifted];
}

test('the search finds what is there: plain, in hex and in base64 at any offset', () => {
  for (const prefix of ['', 'a', 'ab', 'abc']) {
    expect(found(Buffer.from(`${prefix}${CANARIES.direct} and more`).toString('base64url'))).toEqual([
      'direct',
    ]);
  }
  expect(found(Buffer.from(CANARIES.topic).toString('hex'))).toEqual(['topic']);
});

test('[attack 14] no canary in WebSocket frames and HTTP bodies', () => {
  const text = wire.join('\n');
  expect(text).toContain('"t":"send"');
  expect(text).toContain('Alice Songbird'); // names are known to the server: the wire was heard
  expect(found(text)).toEqual([]);
});

test('[attack 14] no canary in the database files', async () => {
  const names = await readdir(server.data, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
  const text = contents.map((bytes) => bytes.toString('latin1')).join('\n');
  expect(text).toContain('Alice Songbird');
  expect(found(text)).toEqual([]);
});

test('[attack 14] no canary in the server’s logs', () => {
  expect(server.output().length).toBeGreaterThan(0);
  expect(found(server.output())).toEqual([]);
});

test('[attack 14] no canary in the memory of the server process', async () => {
  const snapshot = await readFile(await server.heapSnapshot(), 'utf8');
  expect(snapshot).toContain('challenge'); // it is the server's memory indeed
  expect(found(snapshot)).toEqual([]);
});
