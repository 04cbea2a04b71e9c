import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LIMITS, PATHS, parseClientFrame, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { Person } from './support/person.ts';
import { member, Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { connect } from './support/socket.ts';

const LAST = LIMITS.count;

/** A room whose log is moved to where it ends, as no client could. */
async function roomAt(position: number) {
  const { origin, dataDir } = await makeServer();
  const [ann, ben] = [await Person.guest(origin), await Person.guest(origin)];
  const room = await Room.group(ann, [ben]);
  const a = await connect(ann);
  a.send({ t: 'send', ...room.message(ann) });
  await a.take('ack');
  const db = new DatabaseSync(join(dataDir, 'sotto.sqlite'));
  db.prepare('UPDATE log SET position = ? WHERE room = ? AND position = 2').run(position, room.room);
  db.prepare('UPDATE rooms SET head = ? WHERE room = ?').run(position, room.room);
  db.close();
  return { ann, ben, room };
}

test('[attack 40] a log takes its last entry, and says that it is full from then on', async () => {
  const { ann, ben, room } = await roomAt(LAST - 1);
  const [a, b] = [await connect(ann), await connect(ben)];
  a.send({ t: 'send', ...room.message(ann) });
  expect(await a.take('ack')).toMatchObject({ position: LAST });
  expect((await b.take('entries')).entries).toMatchObject([{ position: LAST }]);
  a.send({ t: 'send', ...room.message(ann) });
  expect(await a.take('refused')).toMatchObject({ code: 'limit', message: expect.stringContaining('end') });
  const leave = await room.leave(ben);
  const answers = [
    await ben.call('POST', PATHS.leave(room.room), { leave: toBase64Url(leave) }),
    await room.commit(ann, { members: [member(ann, 'admin')] }),
  ];
  expect(answers.map(({ json }) => json.code)).toEqual(['limit', 'limit']);
  // Another conversation of the same people goes on.
  const other = await Room.group(ann, [ben]);
  a.send({ t: 'send', ...other.message(ann) });
  expect(await a.take('ack')).toMatchObject({ position: 2 });
});

test('[attack 40] no number beyond the bounds comes in, by frame, query, path or proof', async () => {
  const { ann, room } = await roomAt(2);
  const beyond = [LAST + 1, 2 ** 53 - 1, 2 ** 53, 1e21];
  for (const number of beyond) {
    expect(parseClientFrame(JSON.stringify({ t: 'signal', ...room.message(ann), epoch: number })).ok).toBe(
      false,
    );
    const asked = [
      `${PATHS.log(room.room)}?after=${number}`,
      `${PATHS.log(room.room)}?before=${number}`,
      `${PATHS.log(room.room)}?after=0&limit=${number}`,
      `${PATHS.headers(room.room)}?after=${number}`,
      `${PATHS.archive}?after=${number}`,
    ];
    for (const path of asked) expect((await ann.call('GET', path)).json.code, path).toBe('malformed');
    expect((await ann.call('GET', PATHS.people, undefined, { time: number })).status).toBe(401);
  }
  for (const counter of beyond.slice(0, 2)) {
    const a = await connect(ann);
    a.send({ t: 'send', ...room.message(ann, { counter }) });
    expect(await a.take('refused')).toMatchObject({ code: 'malformed' });
    a.ws.terminate();
  }
});
