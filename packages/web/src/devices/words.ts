import { ClientError, type Engine, type EngineState, type OwnDevice } from '@sotto/client';
import type { RoomId } from '../app/types.ts';
import type { Texts } from '../texts/texts.ts';

export const deviceName = (texts: Texts, device: Pick<OwnDevice, 'name' | 'kind'>): string =>
  device.name === '' ? texts.devices.unnamed[device.kind] : device.name;

/**
 * The name of one of the account's devices, empty as long as it has none; null where that cannot be told, offline.
 *
 * @throws whatever is no answer of the engine's: a fault of ours
 */
export async function nameNow(
  devices: Pick<Engine['devices'], 'list'>,
  device: string,
): Promise<string | null> {
  try {
    return (await devices.list()).find((known) => known.device === device)?.name ?? '';
  } catch (cause) {
    if (cause instanceof ClientError) return null;
    throw cause;
  }
}

/** Kind, age and presence of a device, for the line under its name. */
export function deviceFacts(texts: Texts, device: OwnDevice, now: number): readonly string[] {
  const t = texts.devices;
  const presence = device.online
    ? t.online
    : device.seen === null
      ? t.neverSeen
      : t.seen({ when: texts.local.short(device.seen, now) });
  return [
    t.kind[device.kind],
    t.added({ when: texts.local.short(device.addedAt, now) }),
    ...(device.current ? [] : [presence]),
  ];
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
