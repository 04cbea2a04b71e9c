import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request as rawRequest } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { LIMITS, PATHS, REFUSALS, toBase64Url } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { issueCode } from '../src/accounts/reset.ts';
import { PAGE_POLICY, PASSWORD_WORKER_POLICY, PDF_FRAME_POLICY } from '../src/http/headers.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { makeVault } from './support/password.ts';
import { Person, request } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { makeKey, newGroupId, random } from './support/signing.ts';
import { connect } from './support/socket.ts';

async function builtApp(): Promise<string> {
  const folder = await makeFolder();
  const webDir = join(folder, 'dist');
  await mkdir(join(webDir, 'assets'), { recursive: true });
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>Sotto</title>');
  await writeFile(join(webDir, 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(webDir, 'service-worker.js'), 'self;');
  await writeFile(join(webDir, 'assets', 'app-1a2b.js.br'), brotliCompressSync('export {};'));
  await writeFile(join(webDir, 'assets', 'password-worker-1.js'), 'self;');
  await mkdir(join(webDir, 'pdf'));
  for (const name of ['frame.html', 'frame.js', 'H.bcmap']) await writeFile(join(webDir, 'pdf', name), 'x');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await symlink(join(webDir, 'index.html'), join(webDir, '.hidden'));
  return webDir;
}

/** A path exactly as given: `fetch` would tidy it. */
function rawGet(port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    rawRequest({ port, host: '127.0.0.1', path }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode ?? 0, text });
    })
      .on('error', reject)
      .end();
  });
}

test('info and health', async () => {
  const { origin } = await makeServer({ name: 'Here', directory: 'rooms' });
  const { json } = await request(origin, 'GET', PATHS.info);
  expect(json).toMatchObject({ name: 'Here', suite: 1, registration: 'open', directory: 'rooms' });
  expect(Math.abs(json.time - Date.now())).toBeLessThan(5_000);
  expect((await request(origin, 'GET', '/api/health')).json).toEqual({ status: 'ok' });
});

describe('[attack 31] security headers', () => {
  test('stand on every response: page, file, answer, refusal, error', async () => {
    const { origin } = await makeServer({ webDir: await builtApp() });
    for (const path of [
      '/',
      '/assets/app-1a2b.js',
      PATHS.info,
      PATHS.people,
      '/api/none',
      '/none.js',
      '/%ff',
    ]) {
      const { headers } = await fetch(origin + path);
      expect(headers.get('content-security-policy'), path).toBe(PAGE_POLICY);
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      for (const policy of ['camera=(self)', 'microphone=(self)', 'display-capture=()']) {
        expect(headers.get('permissions-policy')).toContain(policy);
      }
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('the page’s policy has no exception; only the password worker may compile WebAssembly', async () => {
    const { origin } = await makeServer({ webDir: await builtApp() });
    expect(PAGE_POLICY).not.toMatch(/unsafe|\*|https?:/);
    const { headers } = await fetch(`${origin}/assets/password-worker-1.js`);
    expect(headers.get('content-security-policy')).toBe(PASSWORD_WORKER_POLICY);
  });
});

describe('[attack 31] the frame of PDF files', () => {
  test('has no origin, asks for nothing and is held by this page alone', async () => {
    const { origin } = await makeServer({ webDir: await builtApp() });
    expect(PDF_FRAME_POLICY).not.toMatch(
      /unsafe-inline|'unsafe-eval'|\*|https?:|connect-src|allow-same-origin/,
    );
    for (const path of ['pdf/frame.html', 'pdf/frame.js', '%70df/frame.html']) {
      const { headers, status } = await fetch(`${origin}/${path}`);
      expect(status).toBe(200);
      expect(headers.get('content-security-policy')).toBe(PDF_FRAME_POLICY);
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(headers.get('permissions-policy')).toContain('microphone=()');
    }
  });

  test('shares its exceptions with nothing else', async () => {
    const { origin } = await makeServer({ webDir: await builtApp() });
    for (const path of ['/pdf/H.bcmap', '/pdf/', '/pdf/frame.html/x', '/a/pdf/frame.html']) {
      const { headers } = await fetch(origin + path);
      expect(headers.get('content-security-policy'), path).toBe(PAGE_POLICY);
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });
});

describe('the web app', () => {
  test('files that carry their hash are kept for ever and come compressed; the page is asked for anew', async () => {
    const { origin } = await makeServer({ webDir: await builtApp() });
    const script = await fetch(`${origin}/assets/app-1a2b.js`, { headers: { 'accept-encoding': 'br' } });
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-encoding')).toBe('br');
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).toBe('export {};');
    for (const path of ['/', '/room/abc', '/index.html']) {
      const page = await fetch(origin + path);
      expect(page.headers.get('cache-control')).toBe('no-cache');
      expect(await page.text()).toContain('<title>Sotto');
    }
    const shell = await fetch(`${origin}/service-worker.js`);
    expect(shell.headers.get('cache-control')).toBe('no-cache');
    expect(shell.headers.get('content-type')).toContain('text/javascript');
    const etag = (await fetch(origin)).headers.get('etag') ?? '';
    expect((await fetch(origin, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test('nothing outside its folder is served', async () => {
    const { port } = await makeServer({ webDir: await builtApp() });
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..%5csecret.txt',
      '/secret.txt%00.js',
      '/.hidden',
      '//secret.txt',
      '/assets',
    ]) {
      const { text } = await rawGet(port, path);
      expect(text, path).not.toContain('secret\n');
      expect(text, path).not.toBe('secret');
    }
    expect((await rawGet(port, '/.hidden')).status).toBe(404);
  });

  test('says what to run where it is not built', async () => {
    const { origin } = await makeServer({ webDir: join(await makeFolder(), 'none') });
    const answer = await fetch(origin);
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build')]);
  });
});

describe('[attack 29] bodies', () => {
  test('are bounded by their stated length and by what comes', async () => {
    const { origin, port } = await makeServer();
    const body = { account: 'x'.repeat(LIMITS.httpBody) };
    const large = await request(origin, 'POST', PATHS.devices, { body });
    expect([large.status, large.json.code]).toEqual([413, 'too_large']);
    const chunked = await new Promise<number>((resolve, reject) => {
      const sending = rawRequest(
        {
          port,
          host: '127.0.0.1',
          path: PATHS.devices,
          method: 'POST',
          headers: { 'transfer-encoding': 'chunked' },
        },
        (answer) => resolve(answer.statusCode ?? 0),
      );
      sending.on('error', reject);
      for (let i = 0; i < 8; i++) sending.write('x'.repeat(8_192));
    });
    expect(chunked).toBe(413);
  });

  test('deep, empty and wrong JSON is malformed and names the field', async () => {
    const { origin } = await makeServer();
    for (const body of ['', '{', '['.repeat(5_000), 'null', '{"list":1}', '{"__proto__":{"list":"a"}}']) {
      const answer = await fetch(origin + PATHS.devices, { method: 'POST', body });
      const { code } = (await answer.json()) as { code: string };
      expect([answer.status, code], body.slice(0, 20)).toEqual([400, 'malformed']);
    }
    const { json } = await request(origin, 'POST', PATHS.devices, { body: { list: 7 } });
    expect(json.message).toContain('list');
  });
});

test('[D7] every refusal has a code of the list and its status', async () => {
  const { origin } = await makeServer();
  const person = await Person.guest(origin);
  const answers = [
    await request(origin, 'GET', PATHS.people),
    await request(origin, 'GET', '/api/nothing'),
    await person.call('GET', PATHS.vault),
    await person.call('GET', '/api/rooms/x/log?after=0'),
    await person.call('GET', `${PATHS.log(newGroupId())}?after=0`),
  ];
  for (const { status, json } of answers) {
    const [expected] = REFUSALS[json.code as keyof typeof REFUSALS];
    expect(status).toBe(expected);
    expect(json.message.length).toBeGreaterThan(10);
  }
});

describe('[attack 37] limits', () => {
  test('registrations are limited per address, which a proxy may name only where it is trusted', async () => {
    const rates = { registrations: { burst: 1, perSecond: 0.01 } };
    const post = async (origin: string, forwarded: string) => {
      const person = await Person.prepare(origin);
      const headers = { 'x-forwarded-for': `9.9.9.9, ${forwarded}` };
      return (await request(origin, 'POST', PATHS.accounts, { body: person.registration(), headers })).status;
    };
    const direct = await makeServer({ rates });
    expect([await post(direct.origin, '1.1.1.1'), await post(direct.origin, '2.2.2.2')]).toEqual([201, 429]);
    const proxied = await makeServer({ rates, trustProxy: true });
    expect([await post(proxied.origin, '1.1.1.1'), await post(proxied.origin, '2.2.2.2')]).toEqual([
      201, 201,
    ]);
    expect(await post(proxied.origin, '1.1.1.1')).toBe(429);
  });

  test('signed requests are limited per device; another device keeps its service', async () => {
    const { origin } = await makeServer({ rates: { signed: { burst: 3, perSecond: 0.1 } } });
    const [ann, ben] = [await Person.guest(origin), await Person.guest(origin)];
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await ann.call('GET', PATHS.people)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await ben.call('GET', PATHS.people)).status).toBe(200);
  });
});

/** K4: with a code of the operator's. */
async function startOver(person: Person, dataDir: string): Promise<void> {
  const store = await openSqliteStore(dataDir);
  const code = await issueCode(store, person.account, Date.now());
  await store.close();
  person.identity = await makeKey();
  const list = toBase64Url(await person.sign(await person.makeDevice()));
  const key = toBase64Url(person.first.exchange);
  const body = { name: person.name, code, list, key, record: toBase64Url(random(64)), vault: makeVault(1) };
  expect((await request(person.origin, 'POST', PATHS.reset, { body })).json).toEqual({});
}

test('[attack 14] log lines hold a route and a status, never ids, names, addresses or bodies', async () => {
  const lines: string[] = [];
  const { origin, dataDir } = await makeServer({
    logLevel: 'debug',
    logTo: { write: (line) => void lines.push(line) },
  });
  const [ann, ben] = [await Person.guest(origin, 'Anneliese'), await Person.guest(origin)];
  const room = await Room.group(ann, [ben]);
  const socket = await connect(ann);
  const sent = room.message(ann);
  socket.send({ t: 'send', ...sent });
  await socket.take('ack');
  await ann.call('GET', `${PATHS.log(room.room)}?after=0`);
  await ann.call('GET', PATHS.invite(room.room, 'A'.repeat(43)));
  await request(origin, 'GET', '/room/somewhere-secret');
  await request(origin, 'POST', PATHS.accounts, { body: { name: 'Anneliese' } });
  await startOver(ben, dataDir);
  const text = lines.join('');
  const routes = lines.map((line) => JSON.parse(line).route);
  expect(routes).toContain('/api/rooms/:room/log');
  expect(routes).toContain('/api/rooms/:room/invites/:key');
  const secrets = [ann.account, ben.account, room.room, ann.first.device, sent.id, 'Anneliese', 'somewhere'];
  for (const secret of [...secrets, '127.0.0.1', sent.body.slice(0, 40)]) expect(text).not.toContain(secret);
});
