import type { VerifiedExchangeKey } from '@sotto/crypto';
import { type AccountId, type EpochHeader, equalBytes, type HeaderMember, type Role } from '@sotto/protocol';
import type { Chosen } from '../../../api.ts';
import { ClientError } from '../../../error.ts';
import type { Directory } from '../../people/directory.ts';

/** Who shall be in an epoch. */
export interface WantedMember {
  readonly account: AccountId;
  readonly role: Role;
  /** By what name the user chose them. */
  readonly shown?: string | undefined;
}

export const wantedFrom = (chosen: Chosen): { account: AccountId; shown: string | undefined } =>
  typeof chosen === 'string'
    ? { account: chosen, shown: undefined }
    : { account: chosen.account, shown: chosen.name };

/**
 * K3, K4: members with their newest verified lists, and every device's usable key.
 * @param before members of the header before; who is new must have a usable device
 * @throws ClientError 'identity_changed', 'no_usable_device', 'not_found', 'name_differs'
 */
export async function gatherMembers(
  directory: Directory,
  wanted: readonly WantedMember[],
  before: readonly HeaderMember[],
): Promise<{ members: HeaderMember[]; recipients: VerifiedExchangeKey[] }> {
  const usable = await directory.fetchKeys(wanted.map((member) => member.account));
  const members: HeaderMember[] = [];
  const recipients: VerifiedExchangeKey[] = [];
  for (const { account, role, shown } of wanted) {
    if (directory.trustOf(account) === 'changed') throw new ClientError('identity_changed');
    const newest = await directory.lists.newest(account);
    if (!newest) {
      throw new ClientError('not_found', { reason: 'no_keys' });
    }
    // Attack 49: what was seen is what is accepted; the server may have shown another name than the person signed.
    const name = directory.nameOf(account);
    if (shown !== undefined && shown !== name)
      throw new ClientError('name_differs', { names: { account, shown, name } });
    // The list may have moved on since the keys were asked for: a device that is gone gets nothing.
    const listed = new Set(newest.list.devices.map(({ device }) => device));
    const keys = (usable.get(account) ?? []).filter(({ key }) => listed.has(key.device));
    // Who is here already may be away longer than a key lives (K2); who is new must be reachable.
    const isNew = !before.some((member) => member.account === account);
    if (keys.length === 0 && isNew) throw new ClientError('no_usable_device');
    const { identity, version } = newest.list;
    members.push({ account, role, identity, list: version, listHash: newest.hash });
    recipients.push(...keys);
  }
  return { members, recipients };
}

/** A room always has an admin: the member longest in it follows the last one; never one who comes in anew. */
export function withAdmin(
  members: readonly WantedMember[],
  anew: ReadonlySet<AccountId> = new Set(),
): readonly WantedMember[] {
  if (members.some((member) => member.role === 'admin')) return members;
  const heir = members.find((member) => !anew.has(member.account));
  return members.map((member) => (member === heir ? { ...member, role: 'admin' as const } : member));
}

/** K4: members who show another identity by now than the header has for them, as the user accepted it. */
export function startedOver(directory: Directory, before: readonly HeaderMember[]): Set<AccountId> {
  const anew = new Set<AccountId>();
  for (const { account, identity } of before) {
    const newest = directory.lists.peek(account);
    if (newest && !equalBytes(newest.list.identity, identity)) anew.add(account);
  }
  return anew;
}

/** K4: may this account bring those back in? An admin, who may add members, and who follows the last admin. */
export function mayVouch(header: EpochHeader, self: AccountId, anew: ReadonlySet<AccountId>): boolean {
  const others = header.members.filter(({ account }) => !anew.has(account));
  const own = others.find(({ account }) => account === self);
  if (!own) return false; // nobody vouches for themselves
  if (own.role === 'admin' || header.policy.add === 'member') return true;
  return own === others[0] && others.every(({ role }) => role !== 'admin');
}
