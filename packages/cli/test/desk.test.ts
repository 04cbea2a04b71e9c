import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDesk } from '../src/session/desk.ts';
import { visitDesk } from '../src/session/visit.ts';
import { message, StagedEngine, sceneState } from './support/scene.ts';
import { texts } from './support/texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-desk-'));
const path = join(folder, 'ada.desk');
let stage: StagedEngine;
let close: () => void;

beforeEach(async () => {
  stage = new StagedEngine(sceneState(), [message({ body: 'are you there?' })]);
  close = openDesk({ engine: stage.engine, server: 'http://localhost' }, path, texts);
  await vi.waitFor(() => expect(statSync(path).mode & 0o777).toBe(0o600));
});
afterEach(() => close());
afterAll(() => rmSync(folder, { recursive: true }));

async function visit(...args: string[]) {
  const [out, notes]: [string[], string[]] = [[], []];
  const ended = new AbortController();
  const io = {
    texts,
    out: (line: string) => void out.push(line),
    note: (line: string) => void notes.push(line),
    progress: () => undefined,
    ended: ended.signal,
  };
  return { code: await visitDesk(path, { args, folder: '/', text: null }, io), out, notes };
}

test('another process of the same person works through the one that has the account', async () => {
  const read = await visit('read', 'Bob', '--json');
  expect(read.code).toBe(0);
  expect(read.out.map((line) => JSON.parse(line))).toMatchObject([{ body: 'are you there?', name: 'Bob' }]);
  expect(stage.calls).toContainEqual(['markRead', 'room', 1]);
});

test('what cannot be done is told to who asked', async () => {
  const lost = await visit('read', 'Nobody');
  expect(lost).toMatchObject({ code: 2, out: [], notes: [expect.stringContaining('Nobody and no group')] });
});

test.each(['signout', 'phrase', 'passphrase'])('%s cannot be asked for at the desk', async (command) => {
  expect((await visit(command)).code).toBe(2);
  expect(stage.calls).toEqual([]);
});

test('nonsense is turned away, and the desk stays open', async () => {
  const socket = connect(path);
  socket.write('nonsense\n');
  const [answer] = await once(socket, 'data');
  expect(JSON.parse(String(answer))).toEqual({ type: 'exit', code: 2 });
  expect((await visit('people')).code).toBe(0);
});

test('where nobody has the account, nobody answers', async () => {
  close();
  await vi.waitFor(async () => expect((await visit('people')).code).toBeNull());
});
