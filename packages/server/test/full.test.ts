import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DeviceListCodec, LIMITS, PATHS, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { Person } from './support/person.ts';
import { member, Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { sha256Text, signed } from './support/signing.ts';

const NUMBERS = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)';

/** Writes as many rows as it takes to come to a limit, past the server. */
function fill(dataDir: string, sql: string, count: number, ...values: (string | number)[]): void {
  const db = new DatabaseSync(join(dataDir, 'sotto.sqlite'));
  db.prepare(`${NUMBERS} ${sql}`).run(count, ...values);
  db.close();
}

test('[attack 48] who is in as many rooms as one may be makes no further one; others bring it in all the same', async () => {
  const { origin, dataDir } = await makeServer();
  const [ann, ben] = [await Person.guest(origin), await Person.guest(origin)];
  const sql = "INSERT INTO members (room, account, start) SELECT 'room ' || i, ?, 0 FROM n";
  fill(dataDir, sql, LIMITS.rooms - 1, ann.account);
  await Room.group(ann, []);
  const message = `An account can be in at most ${LIMITS.rooms} rooms.`;
  const refused = await new Room().commit(ann);
  expect(refused).toMatchObject({ status: 409, json: { code: 'limit', message } });
  expect((await new Room().commit(ben, { members: [member(ben, 'admin'), member(ann)] })).status).toBe(201);
});

test('[R6] [attack 50] a device waits for so many secrets of a room, an account for so many in all', async () => {
  const { origin, dataDir } = await makeServer();
  const [ann, ben] = [await Person.guest(origin), await Person.guest(origin)];
  const [room, other] = [await Room.group(ann, [ben]), await Room.group(ann, [ben])];
  const ask = (person: Person, of: Room) =>
    person.call('POST', PATHS.requests(of.room), { headers: [of.hash] });
  const sql = `INSERT INTO requests (room, account, device, header, epoch, time)
               SELECT ?, ?, ?, 'header ' || i, i, ? FROM n`;
  fill(dataDir, sql, LIMITS.requests, room.room, ben.account, ben.first.device, Date.now());
  const { status, json } = await ask(ben, room);
  expect([status, json.code]).toEqual([409, 'limit']);
  expect((await ask(ben, other)).json).toEqual({});
  fill(dataDir, sql, LIMITS.requestsAll - LIMITS.requests, 'elsewhere', ben.account, 'tablet', Date.now());
  expect((await ask(ben, other)).json.code).toBe('limit');
  expect((await ask(ann, room)).json).toEqual({});
});

test('[K3] [attack 37] a device list is changed so many times and no more', async () => {
  const { origin, dataDir } = await makeServer();
  const person = await Person.guest(origin);
  const version = LIMITS.listVersions - 1;
  person.list = { ...person.list, version, previous: new Uint8Array(32) };
  person.signedList = await signed('deviceList', DeviceListCodec.encode(person.list), person.identity);
  const sql = 'INSERT INTO lists (account, version, signed, hash) SELECT ?, ?, ?, ? FROM n';
  const { account, signedList } = person;
  fill(dataDir, sql, 1, account, version, toBase64Url(signedList), sha256Text(signedList));
  expect((await person.setDevices(person.first)).json).toEqual({});
  expect((await person.setDevices(person.first)).json.code).toBe('limit');
});
