import { type AccountId, CLOSE, type DeviceId, type RoomId, toBase64Url } from '@sotto/protocol';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DeviceLists } from '../src/devices/lists.ts';
import { welcome } from '../src/realtime/authenticate.ts';
import { Person } from './support/person.ts';
import { makeServer } from './support/server.ts';
import { newGroupId, random, randomId } from './support/signing.ts';
import { answerChallenge, TestSocket } from './support/socket.ts';

test('[attack 34] a device that leaves its list while its answer is verified is sent away with that list', async () => {
  const { origin } = await makeServer();
  const person = await Person.guest(origin);
  const [laptop, phone] = [person.first, await person.makeDevice()];
  await person.setDevices(laptop, phone);
  const socket = new TestSocket(origin);
  const { nonce } = await socket.take('challenge');
  const { signingKey } = DeviceLists.prototype;
  const spy = vi.spyOn(DeviceLists.prototype, 'signingKey');
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementationOnce(async function (this: DeviceLists, account, device) {
    const key = await signingKey.call(this, account, device);
    await person.setDevices(laptop);
    return key;
  });
  socket.send(await answerChallenge(nonce, person, { device: phone }));
  const bye = await socket.take('bye');
  expect(bye).toMatchObject({ code: 'unknown_device', list: toBase64Url(person.signedList) });
  expect((await socket.closed).code).toBe(CLOSE.removed);
  expect(socket.seen('ready')).toEqual([]);
});

/** A device that comes in, of which the rooms are looked up twice. */
function comeIn(looks: readonly { room: RoomId; until: number | null }[][], goes = false) {
  const done: unknown[] = [];
  const note = (what: string) => (_: unknown, of?: unknown) => void done.push(of ? [what, of] : what);
  const connection = { gone: false, counted: false, ready: note('ready') };
  const rounds = [...looks];
  const heads = async () => {
    const found = rounds.shift();
    connection.gone = goes && rounds.length === 0;
    return found;
  };
  const service = {
    config: { directory: 'all' },
    store: { rooms: { heads }, delivery: { askers: async () => [] } },
    lists: { signingKey: async () => random(32) },
    presence: { connected: note('here'), online: () => new Set() },
    lastSeen: { note: () => undefined },
    desk: { arrived: () => undefined },
    now: Date.now,
  };
  const hub = { add: () => undefined, join: note('join'), leave: note('leave') };
  const [account, device] = [randomId<AccountId>(), randomId<DeviceId>()];
  type Parts = Parameters<typeof welcome>;
  const [parts, joined, wire] = [service, hub, connection] as unknown as Parts;
  return {
    connection,
    done,
    account,
    device,
    enter: () => welcome(parts, joined, wire, { account, device }),
  };
}

test('[attack 53] who is taken out of a room between the first look and joining it does not stay in it', async () => {
  const [room, left] = [newGroupId(), newGroupId()];
  const before = [
    { room, until: null },
    { room: left, until: 3 },
  ];
  const after = before.map((head) => ({ ...head, until: head.until ?? 7 }));
  const { connection, done, device, enter } = comeIn([before, after]);
  await enter();
  expect(done).toEqual([['join', room], ['leave', room], ['leave', left], ['here', device], 'ready']);
  expect(connection.counted).toBe(true);
});

test('a connection that ends while it comes in counts nobody as being there', async () => {
  const { connection, done, enter } = comeIn([[], []], true);
  await enter();
  expect([done, connection.counted]).toEqual([[], false]);
});
