import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RoomId } from '@sotto/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { createInProcessBus } from '../src/bus/in-process.ts';
import { Journal } from '../src/log/journal.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { Person } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { randomId } from './support/signing.ts';
import { connect } from './support/socket.ts';

/** From now on the database fails at whatever goes into a room, whatever the reason may be. */
function poison(dataDir: string, room: RoomId): void {
  const db = new DatabaseSync(join(dataDir, 'sotto.sqlite'));
  for (const table of ['log', 'receipts']) {
    db.exec(`CREATE TRIGGER poison_${table} BEFORE INSERT ON ${table} WHEN new.room = '${room}'
      BEGIN SELECT raise(ABORT, 'poison'); END`);
  }
  db.close();
}

const markOf = (room: Room, person: Person) => {
  const { id: _, ...receipt } = room.message(person, { kind: 'receipt' });
  return { t: 'receipt', ...receipt };
};

test('[attack 40] one guest’s broken records do not touch what others send in the same commits', async () => {
  const { origin, dataDir } = await makeServer({
    logLevel: 'silent',
    rates: { refusals: { burst: 500, perSecond: 500 } },
  });
  const [ann, ben, mallory] = [
    await Person.guest(origin),
    await Person.guest(origin),
    await Person.guest(origin),
  ];
  const room = await Room.group(ann, [ben]);
  const broken = await Room.group(mallory, []);
  const [a, b, m] = [await connect(ann), await connect(ben), await connect(mallory)];
  poison(dataDir, broken.room);
  const sent = Array.from({ length: 60 }, () => room.message(ann));
  for (const message of sent) {
    m.send({ t: 'send', ...broken.message(mallory) });
    m.send(markOf(broken, mallory));
    a.send({ t: 'send', ...message });
    a.send(markOf(room, ann));
    m.send({ t: 'send', ...broken.message(mallory) });
  }
  for (const { id } of sent) expect((await a.take('ack')).id).toBe(id);
  for (let i = 0; i < 120; i++)
    expect(await m.take('refused')).toMatchObject({ code: 'internal', room: broken.room });
  const entries: string[] = [];
  while (entries.length < 60) entries.push(...(await b.take('entries')).entries.map(({ id }) => id));
  expect(entries).toEqual(sent.map(({ id }) => id));
  expect(a.seen('refused')).toEqual([]);
  expect(m.seen('ack')).toEqual([]);
  await expect
    .poll(async () => (await ben.call('GET', `/api/rooms/${room.room}/receipts`)).json.receipts)
    .toHaveLength(1);
});

test('[attack 40] who cannot be told of a commit keeps nobody else from being told', async () => {
  const store = await openSqliteStore(await makeFolder());
  onTestFinished(() => store.close());
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const journal = new Journal({ store, bus: createInProcessBus(onError), now: Date.now, onError });
  const send = (answer: (type: string) => void) =>
    journal.send({
      append: {
        room: randomId(),
        account: randomId(),
        device: randomId(),
        id: randomId(),
        epoch: 1,
        body: new Uint8Array(1),
      },
      text: '' as never,
      answer: ({ type }) => answer(type),
    });
  const answers: string[] = [];
  send((type) => answers.push(type));
  send(() => {
    throw new Error('the connection is in a bad state');
  });
  send((type) => answers.push(type));
  await journal.drain();
  expect(answers).toEqual(['not_member', 'not_member']);
  expect(errors).toHaveLength(1);
});
