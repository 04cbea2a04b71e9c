import { fromBase64Url, type LogEntry, PATHS, type ServerFrame, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { Person } from './support/person.ts';
import { startProcess } from './support/process.ts';
import { chainOver, Room } from './support/room.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { connect } from './support/socket.ts';

test('[D2] [D3] kill -9 in the middle of the load: every acknowledged entry is there, nothing twice', async () => {
  const dataDir = await makeFolder();
  const { child, exited, origin } = await startProcess(dataDir);
  const people = [await Person.guest(origin), await Person.guest(origin), await Person.guest(origin)];
  const [owner, ...others] = people as [Person, ...Person[]];
  const room = await Room.group(owner, others);
  const acked = new Map<string, number>();
  const sockets = await Promise.all(people.map((person) => connect(person)));
  const sent: { person: Person; message: ReturnType<Room['message']> }[] = [];
  const send = (index: number) => {
    const [person, socket] = [people[index], sockets[index]];
    if (!person || !socket) throw new Error('nobody there');
    const message = room.message(person, { size: 400 });
    sent.push({ person, message });
    socket.send({ t: 'send', ...message });
  };
  const enough = new Promise<void>((resolve) => {
    for (const [index, socket] of sockets.entries()) {
      socket.ws.on('message', (data) => {
        const frame = JSON.parse(data.toString()) as ServerFrame;
        if (frame.t !== 'ack') return;
        acked.set(frame.id, frame.position);
        if (acked.size >= 150) resolve();
        if (socket.ws.readyState === socket.ws.OPEN) send(index);
      });
      for (let i = 0; i < 8; i++) send(index);
    }
  });
  await enough;
  child.kill('SIGKILL');
  await exited;
  await Promise.all(sockets.map(({ closed }) => closed));

  const again = await makeServer({ dataDir });
  for (const person of people) person.origin = again.origin;
  const everything = async (): Promise<LogEntry[]> => {
    const entries: LogEntry[] = [];
    for (;;) {
      const { json } = await owner.call('GET', `${PATHS.log(room.room)}?after=${entries.length}`);
      if (json.entries.length === 0) {
        const start = chainStart ?? new Uint8Array();
        expect(toBase64Url(chainOver(start, entries))).toBe(json.chain);
        return entries;
      }
      chainStart ??= fromBase64Url(json.chain);
      entries.push(...json.entries);
    }
  };
  let chainStart: Uint8Array<ArrayBuffer> | undefined;
  const before = await everything();
  const positions = new Map(before.map((entry) => [entry.id as string, entry.position]));
  for (const [id, position] of acked) expect(positions.get(id)).toBe(position);
  expect(positions.size).toBe(before.length);

  // Everyone sends again whatever they are unsure of: it comes to exactly one each.
  const retrying = await Promise.all(people.map((person) => connect(person)));
  for (const [index, person] of people.entries()) {
    const unsure = sent.filter((one) => one.person === person && !acked.has(one.message.id));
    for (const { message } of unsure) {
      retrying[index]?.send({ t: 'send', ...message });
      const ack = await retrying[index]?.take('ack', ({ id }) => id === message.id);
      const known = positions.get(message.id);
      if (known !== undefined) expect(ack?.position).toBe(known);
    }
  }
  const after = (await everything()).filter(({ kind }) => kind === 'message');
  expect(after.map(({ id }) => id).toSorted()).toEqual(sent.map(({ message }) => message.id).toSorted());
}, 30_000);

test('the program says where it is, with a code to scan, and stops when asked to', async () => {
  const { child, exited, output, origin } = await startProcess(await makeFolder(), { SOTTO_NAME: 'Kitchen' });
  expect(output.out).toMatch(/Sotto is ready: http:\/\/localhost:\d+\n/);
  await expect.poll(() => output.out).toContain('█');
  expect(output.out).toContain('HTTPS');
  const person = await Person.guest(origin);
  const socket = await connect(person);
  child.kill('SIGTERM');
  expect((await socket.take('bye')).code).toBe('busy');
  expect((await socket.closed).code).toBe(1001);
  expect(await exited).toBe(0);
});

test('what the environment gets wrong is said in a sentence that names it', async () => {
  const taken = await makeServer();
  const cases: [Record<string, string>, RegExp][] = [
    [{ SOTTO_PORT: String(taken.port) }, /Port \d+ is taken .*SOTTO_PORT/],
    [{ SOTTO_REGISTRATION: 'maybe' }, /SOTTO_REGISTRATION: expected one of open, closed, got "maybe"/],
    [{ SOTTO_ORIGIN: 'https://a.example/path' }, /SOTTO_ORIGIN/],
  ];
  for (const [env, message] of cases) {
    const { exited, output } = await startProcess(await makeFolder(), env);
    expect(await exited).toBe(1);
    await expect.poll(() => output.err).toMatch(message);
    expect(output.err.trim().split('\n')).toHaveLength(1);
  }
});
