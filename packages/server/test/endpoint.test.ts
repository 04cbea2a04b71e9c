import { type FileId, PATHS, PROOF_HEADER } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { codeOf, tus } from './support/files.ts';
import { Person, request } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { newGroupId, randomId } from './support/signing.ts';

const FEW = { burst: 2, perSecond: 0.001 };

/** What three in a row are answered. */
async function thrice(ask: () => Promise<unknown>): Promise<unknown[]> {
  return [await ask(), await ask(), await ask()];
}

test('[attack 37] what has a rate of its own is counted by it: of devices by device, of anybody by address', async () => {
  const rates = { epochs: FEW, lists: FEW };
  const { origin } = await makeServer({ trustProxy: true, rates });
  const [ann, ben] = [await Person.guest(origin), await Person.guest(origin)];
  const accept = async (person: Person, device = person.first) =>
    (await person.call('POST', PATHS.accept(newGroupId()), undefined, { device })).json.code;
  const gone = ['not_member', 'not_member', 'rate_limited'];
  expect(await thrice(() => accept(ann))).toEqual(gone);
  const tablet = await ann.makeDevice();
  const list = async (address: string) => {
    const body = { list: 'AAAA' };
    const headers = { 'x-forwarded-for': address };
    return (await request(origin, 'POST', PATHS.devices, { body, headers })).json.code;
  };
  expect((await ann.setDevices(ann.first, tablet)).json).toEqual({});
  expect(await accept(ann, tablet)).toBe('not_member');
  expect(await accept(ben)).toBe('not_member');
  expect(await thrice(() => list('10.0.0.1'))).toEqual(['malformed', 'malformed', 'rate_limited']);
  expect(await list('10.0.0.2')).toBe('malformed');
  // What has none is not counted by it.
  expect(await thrice(async () => (await ann.call('GET', PATHS.people)).json.code)).not.toContain(
    'rate_limited',
  );
});

test('[attack 37] [D5] what comes as a stream is counted for its device too, and signed as one without a body', async () => {
  const { origin } = await makeServer({ rates: { signed: { burst: 4, perSecond: 0.001 } } });
  const ann = await Person.guest(origin);
  const room = await Room.group(ann, []); // two of the four
  const path = () => PATHS.newFile(randomId<FileId>(), room.room, 10);
  const headers = { 'upload-length': '10' };
  const filled = path();
  const proof = await ann.proof('POST', filled, 'a body');
  const signed = { 'tus-resumable': '1.0.0', [PROOF_HEADER]: proof, ...headers };
  expect(await codeOf(await fetch(origin + filled, { method: 'POST', headers: signed }))).toBe(
    'unauthenticated',
  );
  const announce = async () => codeOf(await tus(ann, 'POST', path(), { headers }));
  expect(await thrice(announce)).toEqual([201, 201, 'rate_limited']);
});

test('[D5] a proof of which one part is not as it is written says who signed it to nobody', async () => {
  const { origin } = await makeServer();
  const person = await Person.guest(origin);
  const parts = (await person.proof('GET', PATHS.people, '')).split('.');
  for (const [index, part] of parts.entries()) {
    if (index === 2) continue; // the time, in digits
    // Another way to write the same bytes: bits in the last character that stand for nothing.
    const odd = `${part.slice(0, -1)}${part.endsWith('B') ? 'C' : 'B'}`;
    const proof = parts.with(index, odd).join('.');
    const { status, json } = await request(origin, 'GET', PATHS.people, {
      headers: { [PROOF_HEADER]: proof },
    });
    expect([index, status, json.code]).toEqual([index, 401, 'unauthenticated']);
  }
  const whole = { [PROOF_HEADER]: parts.join('.') };
  expect((await request(origin, 'GET', PATHS.people, { headers: whole })).status).toBe(200);
});
