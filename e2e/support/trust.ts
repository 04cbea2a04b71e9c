import type { Engine, SafetyNumber } from '@sotto/client';
import type { AccountId, DeviceId, RoomId } from '@sotto/protocol';

/** K4: what a person sees where they look at somebody's safety number, and what they do with exactly that. */
export async function looksAt(engine: Engine, account: AccountId): Promise<SafetyNumber> {
  const shown = await engine.people.safetyNumber(account);
  if (!shown) throw new Error('no key of this person is known');
  return shown;
}

export const numberOf = async (engine: Engine, account: AccountId): Promise<string> =>
  (await looksAt(engine, account)).number;

export const verifies = async (engine: Engine, account: AccountId): Promise<void> =>
  engine.people.setVerified(account, (await looksAt(engine, account)).identity, true);

export const accepts = async (engine: Engine, account: AccountId): Promise<void> =>
  engine.people.acceptIdentity(account, (await looksAt(engine, account)).identity);

/** R7: looks at where a link leads, and comes in there. */
export const joins = async (engine: Engine, fragment: string): Promise<RoomId> =>
  engine.rooms.join(fragment, await engine.rooms.previewInvite(fragment));

/** K3: looks at the account's devices, and signs these off. */
export const signsOff = async (engine: Engine, ...devices: readonly DeviceId[]): Promise<void> =>
  engine.devices.remove((await engine.devices.list()).filter(({ device }) => devices.includes(device)));
