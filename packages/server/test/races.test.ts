import { LIMITS, PATHS, toBase64Url } from '@sotto/protocol';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DeviceLists } from '../src/devices/lists.ts';
import { Person } from './support/person.ts';
import { meanwhile } from './support/race.ts';
import { member, Room } from './support/room.ts';
import { makeServer } from './support/server.ts';

async function people(): Promise<[ann: Person, ben: Person, cat: Person]> {
  const { origin } = await makeServer();
  return [await Person.guest(origin), await Person.guest(origin), await Person.guest(origin)];
}

const leaveOf = async (person: Person, room: Room) =>
  person.call('POST', PATHS.leave(room.room), { leave: toBase64Url(await room.leave(person)) });

describe('[R4] between the look at a header and its writing', () => {
  test('[attack 28] another one came: the author learns the epoch, and the same one is answered alike', async () => {
    const [ann, ben] = await people();
    const room = await Room.group(ann, [ben]);
    const header = await room.sign(room.next(ann), ann.first);
    const first: unknown[] = [];
    meanwhile(async () => first.push((await room.post(ann, header)).json));
    const again = await room.post(ann, header);
    expect([again.json]).toEqual(first);
    expect(again).toEqual({ status: 201, json: { position: 2, time: expect.any(Number) } });

    const other = await Room.group(ann, [ben]);
    const bens = await other.sign(other.next(ben), ben.first);
    meanwhile(() => other.post(ben, bens));
    const lost = await other.post(ann, await other.sign(other.next(ann), ann.first));
    expect(lost.json).toMatchObject({ code: 'epoch_conflict', epoch: 2 });
  });

  test('[attack 53] the author was taken out: it learns no epoch', async () => {
    const [ann, ben] = await people();
    const room = await Room.group(ann, [ben]);
    const bens = await room.sign(room.next(ben), ben.first);
    meanwhile(() => room.commit(ann, { members: [member(ann, 'admin')] }));
    const { json } = await room.post(ben, bens);
    expect([json.code, json.epoch]).toEqual(['not_member', undefined]);
  });

  test('[K3] a member’s list moved on', async () => {
    const [ann, ben] = await people();
    const room = await Room.group(ann, [ben]);
    meanwhile(async () => ben.setDevices(ben.first, await ben.makeDevice()));
    expect((await room.commit(ann)).json.code).toBe('list_conflict');
  });

  test('[R1] [attack 40] the log moved on to a time that is far from the header’s', async () => {
    const { now } = Date;
    const clock = { ahead: 0 };
    const spy = vi.spyOn(Date, 'now').mockImplementation(() => now() + clock.ahead);
    onTestFinished(() => spy.mockRestore());
    const [ann, ben] = await people();
    const room = await Room.group(ann, [ben]);
    const later = Date.now() + LIMITS.headerSkew + 60_000;
    meanwhile(() => {
      clock.ahead = LIMITS.headerSkew + 60_000;
      return leaveOf(ben, room);
    });
    const { json } = await room.commit(ann);
    expect(json.code).toBe('misdated');
    expect(json.time).toBeGreaterThanOrEqual(later);
  });
});

test('[K3] a device that left its list after it had proved who it is makes no header and no leave', async () => {
  const [ann, ben] = await people();
  const room = await Room.group(ann, [ben]);
  const spy = vi.spyOn(DeviceLists.prototype, 'signingKey');
  onTestFinished(() => spy.mockRestore());
  for (const ask of [() => room.commit(ben), () => leaveOf(ben, room)]) {
    spy.mockResolvedValueOnce(ben.first.key.publicKey).mockResolvedValueOnce(undefined);
    expect((await ask()).json.code).toBe('unknown_device');
  }
});
