import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@sotto/client';
import { PATHS, PROOF_HEADER } from '@sotto/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquaintedSotto } from '../support/acquainted.ts';
import { numberOf } from '../support/trust.ts';
import { type LyingServer, startLyingServer } from './support/lying-server.ts';
import { pause, type Scene, setScene, until } from './support/story.ts';

let scene: Scene;
let folder: string;
/** A look-alike at an address of its own, which passes everything on to the honest server. */
let impostor: LyingServer;
const engines: Engine[] = [];

beforeAll(async () => {
  scene = await setScene();
  folder = await mkdtemp(join(tmpdir(), 'sotto-relay-'));
  impostor = await startLyingServer(() => scene.server.origin);
});

afterAll(async () => {
  for (const engine of engines) await engine.close();
  await impostor.close();
  await scene.end();
  await rm(folder, { recursive: true, force: true });
});

/** Somebody who was lured to the impostor's address. */
async function lured(name: string): Promise<Engine> {
  const sotto = acquaintedSotto({ server: impostor.origin, directory: join(folder, name) });
  const engine = await sotto.createGuest(name);
  engines.push(engine);
  return engine;
}

test('[attack 36] [D5] a challenge relayed by an impostor at another address is refused, and the user is told', async () => {
  const frames: string[] = [];
  impostor.frame = (frame) => {
    frames.push(String(frame.t));
    return undefined;
  };
  const engine = await lured('Lured');
  await until(() => engine.state.connection.status === 'refused', 'the connection is refused');
  expect(engine.state.connection).toMatchObject({
    status: 'refused',
    why: 'wrong_origin',
  });
  expect(frames).toContain('challenge');
  expect(frames).not.toContain('ready');
  impostor.behave();
});

test('[attack 36] [D5] an impostor that puts the true address in gains nothing: the signature is over the one dialled', async () => {
  const frames: string[] = [];
  impostor.heard = (frame) => (frame.t === 'auth' ? { ...frame, origin: scene.liar.origin } : true);
  impostor.frame = (frame) => {
    frames.push(String(frame.t));
    return undefined;
  };
  const engine = await lured('Relayed');
  await until(() => frames.includes('bye'), 'the server says goodbye');
  await pause(1_000);
  expect(engine.state.connection.status).not.toBe('online');
  expect(frames).not.toContain('ready');
  await expect(engine.rooms.openDirect(engine.id)).rejects.toMatchObject({ code: expect.any(String) });
  impostor.behave();
});

/** The proof header of the next signed request that passes a tap before the honest server. */
async function tapProof(): Promise<{
  proof: string;
  path: string;
  body: string;
  origin: string;
  end(): Promise<void>;
}> {
  let taken: (proof: { proof: string; path: string; body: string }) => void = () => undefined;
  const first = new Promise<{ proof: string; path: string; body: string }>((resolve) => {
    taken = resolve;
  });
  const tap = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const proof = incoming.headers[PROOF_HEADER];
      const path = incoming.url ?? '/';
      if (typeof proof === 'string') {
        // Kept back from the server: the thief is to use it first, at another address.
        taken({ proof, path, body: body.toString('utf8') });
        outgoing.writeHead(503, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      const { method, headers } = incoming;
      httpRequest(new URL(path, scene.server.origin), { method: method ?? 'GET', headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }).end(body);
    });
  });
  await new Promise<void>((resolve) => tap.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(tap.address() as AddressInfo).port}`;
  const engine = await acquaintedSotto({ server: origin, directory: join(folder, 'tapped') }).createGuest(
    'Tapped',
  );
  engines.push(engine);
  engine.people.safetyNumber(engine.id).catch(() => undefined); // any signed request
  void engine.rooms.openDirect(engine.id).catch(() => undefined);
  const proof = await first;
  return {
    ...proof,
    origin,
    async end() {
      tap.closeAllConnections();
      await new Promise<void>((resolve) => tap.close(() => resolve()));
    },
  };
}

test('[attack 36] [D5] a signed request made for one address is refused at another', async () => {
  const tapped = await tapProof();
  const answer = await fetch(new URL(tapped.path, scene.server.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [PROOF_HEADER]: tapped.proof },
    body: tapped.body,
  });
  expect(answer.status).toBeGreaterThanOrEqual(401);
  expect(answer.status).toBeLessThan(404);
  expect(await answer.json()).toMatchObject({ code: expect.stringMatching(/unauthenticated|wrong_origin/) });
  await tapped.end();
});

test('[attack 36] [D5] a signed request is good once: its copy is refused', async () => {
  const liar = await scene.anotherLiar();
  const replayed: { status: number; code: unknown }[] = [];
  let copying = false;
  const tap = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      relay().catch((error: unknown) => outgoing.writeHead(502).end(String(error)));
    });
    async function relay(): Promise<void> {
      const body = Buffer.concat(chunks);
      const proof = incoming.headers[PROOF_HEADER];
      const method = incoming.method ?? 'GET';
      const send = () =>
        fetch(new URL(incoming.url ?? '/', scene.server.origin), {
          method,
          headers: {
            'content-type': 'application/json',
            ...(typeof proof === 'string' ? { [PROOF_HEADER]: proof } : {}),
          },
          ...(body.length > 0 ? { body } : {}),
        });
      const answer = await send();
      if (copying && typeof proof === 'string') {
        const copy = await send();
        replayed.push({ status: copy.status, code: ((await copy.json()) as { code?: unknown }).code });
      }
      const text = await answer.text();
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    }
  });
  await new Promise<void>((resolve) => tap.listen(0, '127.0.0.1', resolve));
  liar.redirect(`http://127.0.0.1:${(tap.address() as AddressInfo).port}`);
  const sotto = acquaintedSotto({ server: liar.origin, directory: join(folder, 'copied') });
  const engine = await sotto.createGuest('Copied');
  engines.push(engine);
  const other = await scene.person('Other');
  copying = true;
  expect(await numberOf(engine, other.id)).toMatch(/\d{5}/);
  expect(replayed.length).toBeGreaterThan(0);
  for (const { status, code } of replayed) {
    expect(status).toBe(401);
    expect(code).toBe('replayed');
  }
  tap.closeAllConnections();
  await new Promise<void>((resolve) => tap.close(() => resolve()));
});

test('[attack 36] no bearer token is in what a session sends', async () => {
  const liar = await scene.anotherLiar();
  const sent: string[] = [];
  liar.heard = (frame) => sent.push(JSON.stringify(frame)) > 0;
  const engine = await scene.person('Careful', liar);
  engine.reconnect();
  liar.cut();
  await until(() => sent.filter((frame) => frame.includes('"auth"')).length >= 2, 'it connects twice');
  const signatures = sent.filter((frame) => frame.includes('"auth"'));
  expect(new Set(signatures).size).toBe(signatures.length);
  const info = await fetch(new URL(PATHS.info, liar.origin));
  expect(info.headers.get('set-cookie')).toBeNull();
});
