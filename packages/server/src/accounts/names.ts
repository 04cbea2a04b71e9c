import { type DeviceList, foldName, NameSchema, parseValue } from '@sotto/protocol';
import { looksOf } from '@sotto/protocol/looks';
import { badName } from '../refusal.ts';
import type { TakenName } from '../store/store.ts';

/** What a name is compared by. */
export const comparable = (name: string): TakenName => ({ name, folded: foldName(name), ...looksOf(name) });

/** K3: the name an account takes by its newest list, as it signed it. @throws Refused 'bad_name' */
export function nameOf({ name }: DeviceList): TakenName {
  const parsed = parseValue(NameSchema, name);
  if (!parsed.ok || parsed.value !== name) throw badName(name);
  return comparable(name);
}
