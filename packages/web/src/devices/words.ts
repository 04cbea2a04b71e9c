import type { EngineState, OwnDevice } from '@sotto/client';
import type { RoomId } from '../app/types.ts';
import { texts } from '../texts/index.ts';
import { listTime } from '../texts/time.ts';

export const deviceName = (device: Pick<OwnDevice, 'name' | 'kind'>): string =>
  device.name === '' ? texts.devices.unnamed[device.kind] : device.name;

/** Kind, age and presence of a device, for the line under its name. */
export function deviceFacts(device: OwnDevice, now: number): readonly string[] {
  const t = texts.devices;
  const presence = device.online
    ? t.online
    : device.seen === null
      ? t.neverSeen
      : t.seen(listTime(device.seen, now));
  return [t.kind[device.kind], t.added(listTime(device.addedAt, now)), ...(device.current ? [] : [presence])];
}

/** The generation of keys of every conversation this account is in. */
export type Epochs = ReadonlyMap<RoomId, number>;

export const epochsOf = (rooms: EngineState['rooms']): Epochs =>
  new Map([...rooms.values()].filter((r) => r.standing === 'member').map((r) => [r.room, r.epoch]));

/** How many conversations have newer keys than `before`, over all of them. */
export function renewed(before: Epochs, rooms: EngineState['rooms']): { done: number; total: number } {
  let done = 0;
  for (const [room, epoch] of before)
    if ((rooms.get(room)?.epoch ?? Number.POSITIVE_INFINITY) > epoch) done += 1;
  return { done, total: before.size };
}
