import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Info, PATHS } from '@sotto/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSotto } from '../../src/engine/create-sotto.ts';
import { ClientError } from '../../src/error.ts';
import { fetchFiles } from '../../src/fetch/fetch-files.ts';
import { fileHost } from '../../src/node/file-host.ts';
import { processLocks } from '../../src/node/process-locks.ts';
import { processTabs } from '../../src/node/process-tabs.ts';
import { opaquePasswords } from '../../src/password/opaque-passwords.ts';
import type { HttpRequest, HttpResponse, Platform } from '../../src/seams/index.ts';
import { systemClock } from '../../src/system-clock.ts';

/** What every server says of itself. */
const INFO: Omit<Info, 'time'> = {
  name: 'Test',
  version: '0',
  suite: 1,
  registration: 'open',
  directory: 'all',
  fileLimit: 0,
};

let folder: string;
let asked: HttpRequest[];
let answer: (request: HttpRequest) => HttpResponse;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-register-'));
  asked = [];
  answer = () => ({ status: 201, json: {} });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function platform(): Platform {
  return {
    transport: {
      origin: 'http://localhost:1',
      async request(request) {
        if (request.path === PATHS.info) return { status: 200, json: { ...INFO, time: Date.now() } };
        asked.push(request);
        return answer(request);
      },
      connect: () => ({ send: () => undefined, close: () => undefined }),
    },
    fileTransport: fetchFiles('http://localhost:1'),
    fileCache: 0,
    host: fileHost(folder),
    clock: systemClock(),
    passwords: opaquePasswords(),
    locks: processLocks,
    tabs: processTabs,
    device: { name: 'Test', kind: 'terminal' },
  };
}

const refusal = (status: number, code: string): HttpResponse => ({ status, json: { code, message: 'No.' } });
const stores = async () => (await readdir(folder)).filter((name) => name.includes('.account.sqlite'));
async function expectNothingLeft(): Promise<void> {
  expect(await createSotto(platform()).profiles()).toEqual([]);
  expect(await stores()).toEqual([]);
}

describe('making an account', () => {
  test('a name that is taken leaves nothing behind, and another works', async () => {
    const sotto = createSotto(platform());
    answer = () => refusal(409, 'name_taken');
    await expect(sotto.createGuest('Ann')).rejects.toMatchObject({ code: 'name_taken' });
    await expectNothingLeft();
    answer = () => ({ status: 201, json: {} });
    const engine = await sotto.createGuest('Bea');
    expect((await sotto.profiles()).map((profile) => profile.name)).toEqual(['Bea']);
    await engine.close();
  });

  test('[D3] where no answer came, the next attempt says exactly the same, so that the name is not lost', async () => {
    answer = () => {
      throw new ClientError('unreachable');
    };
    await expect(createSotto(platform()).createGuest('Ann')).rejects.toMatchObject({ code: 'unreachable' });
    expect(await createSotto(platform()).profiles()).toEqual([]); // not one that can be opened
    await expect(createSotto(platform()).createGuest('ann')).rejects.toMatchObject({ code: 'unreachable' });
    answer = () => ({ status: 201, json: {} });
    const engine = await createSotto(platform()).createGuest('Ann');
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ body }) => body)).size).toBe(1);
    expect(await createSotto(platform()).profiles()).toMatchObject([{ name: 'Ann', account: engine.id }]);
    await engine.close();
  });

  test('[D3] an attempt that never arrived, whose name somebody else has now, leaves nothing behind', async () => {
    answer = () => {
      throw new ClientError('unreachable');
    };
    await expect(createSotto(platform()).createGuest('Ann')).rejects.toMatchObject({ code: 'unreachable' });
    answer = () => refusal(409, 'name_taken');
    await expect(createSotto(platform()).createGuest('Ann')).rejects.toMatchObject({ code: 'name_taken' });
    await expectNothingLeft();
  });

  test('a name or password that cannot be is refused before anything is made or asked', async () => {
    const sotto = createSotto(platform());
    await expect(sotto.createGuest('  ')).rejects.toMatchObject({ code: 'bad_name' });
    await expect(sotto.createAccount('Ann', 'short')).rejects.toMatchObject({ code: 'weak_password' });
    expect(asked).toEqual([]);
    await expectNothingLeft();
  });

  test('[K5] neither password nor identity is in what is sent', async () => {
    const password = 'a password that is long';
    answer = () => refusal(400, 'malformed');
    await expect(createSotto(platform()).createAccount('Ann', password)).rejects.toMatchObject({
      code: 'malformed',
    });
    expect(asked.map(({ body }) => body).join()).not.toContain(password);
    await expectNothingLeft();
  });

  test('steps are told in order', async () => {
    const steps: string[] = [];
    const engine = await createSotto(platform()).createGuest('Ann', (step) => steps.push(step));
    expect(steps).toEqual(['identity', 'device', 'exchange-rsa', 'exchange-mlkem', 'registering', 'opening']);
    await engine.close();
  });
});

describe('signing in', () => {
  test('an unknown name, a silent server, an answer that is none: nothing is left behind', async () => {
    const sotto = createSotto(platform());
    answer = () => refusal(401, 'bad_login');
    await expect(sotto.signIn('Ann', 'a long password')).rejects.toMatchObject({ code: 'bad_login' });
    answer = () => ({ status: 200, json: { nothing: true } });
    await expect(sotto.signIn('Ann', 'a long password')).rejects.toMatchObject({ code: 'bad_answer' });
    answer = () => {
      throw new ClientError('unreachable');
    };
    await expect(sotto.signIn('Ann', 'a long password')).rejects.toMatchObject({ code: 'unreachable' });
    await expectNothingLeft();
  });
});

describe('forgetting', () => {
  test('works offline, after closing, and twice; keys and profile are gone', async () => {
    const sotto = createSotto(platform());
    const engine = await sotto.createGuest('Ann');
    answer = () => {
      throw new ClientError('unreachable');
    };
    await engine.close();
    await sotto.forget(engine.id);
    await expectNothingLeft();
    await sotto.forget(engine.id);
    await expect(sotto.resume(engine.id)).rejects.toMatchObject({ code: 'not_here' });
  });
});
