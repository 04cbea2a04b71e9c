import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Engine, NO_DRAFT } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LyingServer, startLyingServer } from '../attacks/support/lying-server.ts';
import { converse, gather, texts, until } from '../attacks/support/story.ts';
import { acquaintedSotto } from '../support/acquainted.ts';
import { found, wholeOf } from '../support/parcels.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

/** One per kind of content, so that a leak names itself. */
const CANARIES = {
  direct: 'canary-direct-hums-at-noon',
  group: 'canary-group-sings-at-dawn',
  edit: 'canary-edit-whistles-twice',
  roomName: 'canary-room-of-feathers',
  topic: 'canary-topic-about-seeds',
  draft: 'canary-draft-never-flew',
  caption: 'canary-caption-under-a-nest',
  fileName: 'canary-name-of-an-egg.txt',
  fileType: 'application/x-canary-type',
  fileContent: 'canary-content-inside-the-shell',
  thumbnail: 'canary-thumbnail-of-a-wing',
} as const;

let server: ServerProcess;
let proxy: LyingServer;
let folder: string;
const engines: Engine[] = [];
const wire: string[] = [];

async function person(name: string): Promise<Engine> {
  const sotto = acquaintedSotto({ server: proxy.origin, directory: join(folder, name) });
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
  proxy.passing = (bytes) => void wire.push(bytes.toString('latin1'));
  proxy.frame = (frame) => void wire.push(JSON.stringify(frame));
  proxy.heard = (frame) => wire.push(JSON.stringify(frame)) > 0;
  server = await startServerProcess({ env: { SOTTO_ORIGIN: proxy.origin, SOTTO_LOG: 'debug' } });

  const alice = await person('Alice Songbird');
  const bob = await person('Bob Songbird');
  const direct = await converse(alice, bob);
  await alice.messages.send(direct, { body: CANARIES.direct });
  await until(() => texts(bob, direct).includes(CANARIES.direct), 'Bob reads the direct canary');
  const group = await gather(alice, [bob], CANARIES.roomName);
  await alice.rooms.rename(group, { name: CANARIES.roomName, topic: CANARIES.topic });
  await until(() => bob.state.rooms.get(group)?.topic === CANARIES.topic, 'Bob sees the topic');
  await alice.messages.send(group, { body: CANARIES.group });
  await until(() => texts(bob, group).includes(CANARIES.group), 'Bob reads the group canary');
  const position = () => {
    const item = alice
      .timeline(group)
      .state.items.find((i) => i.type === 'message' && i.body === CANARIES.group);
    return item?.position ?? 0;
  };
  await until(() => position() > 0, 'Alice knows its place in the log');
  const place = position();
  await alice.messages.edit(group, place, CANARIES.edit);
  await until(() => texts(bob, group).includes(CANARIES.edit), 'Bob reads the edit');
  await alice.messages.react(group, place, '🐤', true);
  await alice.messages.setDraft(group, { ...NO_DRAFT, text: CANARIES.draft });
  await shareFile(alice, bob, group);
});

/** M6: a file goes up through the proxy and down again, and is read to its end. */
async function shareFile(alice: Engine, bob: Engine, room: RoomId): Promise<void> {
  const content = Buffer.from(CANARIES.fileContent.repeat(50_000)); // two chunks
  const file = {
    name: CANARIES.fileName,
    type: CANARIES.fileType,
    size: content.length,
    thumbnail: new Uint8Array(Buffer.from(CANARIES.thumbnail)),
    open: () => Readable.from([content]),
  };
  await alice.files.send(room, { files: [file], body: CANARIES.caption });
  await until(() => found(bob, room, file.name) !== undefined, 'Bob sees the file', 30_000);
  const there = found(bob, room, file.name);
  if (!there) throw new Error('the file is gone');
  expect(there.item.body).toBe(CANARIES.caption);
  const opened = await bob.files.open(room, there.position, there.file.file);
  const read = Buffer.concat(await Array.fromAsync(wholeOf(opened)));
  expect(read.equals(content)).toBe(true);
}

afterAll(async () => {
  for (const engine of engines) await engine.close();
  await proxy.close();
  await server.end();
  await rm(folder, { recursive: true, force: true });
});

/** Names of the canaries in a text, as written and in base64 at any of its three offsets. */
function leaks(text: string): string[] {
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
    expect(leaks(Buffer.from(`${prefix}${CANARIES.direct} and more`).toString('base64url'))).toEqual([
      'direct',
    ]);
  }
  expect(leaks(Buffer.from(CANARIES.topic).toString('hex'))).toEqual(['topic']);
});

test('[attack 14] no canary in WebSocket frames, and in HTTP requests and answers with all they carry', () => {
  const text = wire.join('\n');
  for (const method of ['POST', 'PATCH', 'GET']) expect(text).toContain(`${method} /api/files`);
  expect(text).toContain('"t":"send"');
  expect(text).toContain('Alice Songbird'); // names are known to the server: the wire was heard
  expect(leaks(text)).toEqual([]);
});

test('[attack 14] no canary in the database and in the folder of files', async () => {
  const names = await readdir(server.data, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
  expect(
    contents.some((bytes, index) => /[\\/]files$/.test(files[index]?.parentPath ?? '') && bytes.length > 1e6),
  ).toBe(true);
  const text = contents.map((bytes) => bytes.toString('latin1')).join('\n');
  expect(text).toContain('Alice Songbird');
  expect(leaks(text)).toEqual([]);
});

test('[attack 14] no canary in the server’s logs', () => {
  expect(server.output().length).toBeGreaterThan(0);
  expect(leaks(server.output())).toEqual([]);
});

test('[attack 14] no canary in the memory of the server process', async () => {
  const snapshot = await readFile(await server.heapSnapshot(), 'utf8');
  expect(snapshot).toContain('challenge'); // it is the server's memory indeed
  expect(leaks(snapshot)).toEqual([]);
});
