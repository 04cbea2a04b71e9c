import {
  type AccountId,
  type AddressedWrap,
  admissionInput,
  type Bytes,
  type DeviceId,
  type EpochHeader,
  EpochHeaderCodec,
  equalBytes,
  type HeaderInvite,
  type HeaderMember,
  type RoomId,
  type RoomPolicy,
  type Seen,
  signingInput,
} from '@sotto/protocol';
import { type ListLookup, signingKeyOf } from '../device/device-list.ts';
import type { VerifiedExchangeKey } from '../device/exchange-key.ts';
import { UsageError } from '../failure.ts';
import { inviteKey } from '../invite/invite.ts';
import { type SigningKey, sign, signBytes } from '../primitives/ed25519.ts';
import { verifyHeader } from './header.ts';
import { encodeProfile, profileHash, type RoomProfile } from './profile.ts';
import {
  asEpochSecret,
  commitmentOf,
  type EpochSecret,
  newEpochSecret,
  openPart,
  sealPart,
} from './secret.ts';
import type { VerifiedHeader } from './verified-header.ts';
import { wrapForAll } from './wrap.ts';

/** What the author decides about the next epoch. */
export interface EpochDraft {
  readonly room: RoomId;
  readonly author: { readonly account: AccountId; readonly device: DeviceId };
  readonly at: number;
  readonly members: readonly HeaderMember[];
  readonly policy: RoomPolicy;
  readonly invites: readonly HeaderInvite[];
  /** Signed leave statements of those who are dropped because they left. */
  readonly leaves: readonly Bytes[];
  readonly seen: Seen;
  /** Name and topic as far as the author knows them; null in a direct room. */
  readonly profile: RoomProfile | null;
  /** The author changes name or topic to `profile`. */
  readonly renames?: boolean;
  /** R7: the secret of the invite by which the author arrives. */
  readonly inviteSecret?: Bytes;
}

export interface EpochContext {
  readonly previous: VerifiedHeader | null;
  /** Links the past where the policy says so; null where this device does not hold it. */
  readonly previousSecret: EpochSecret | null;
  readonly signing: SigningKey;
  /** One per device that shall read. */
  readonly recipients: readonly VerifiedExchangeKey[];
  readonly lists: ListLookup;
  readonly departed: ReadonlySet<AccountId>;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * R1, R2: a fresh secret, its signed header, and a wrap per device.
 * The header passes the same verification as everyone else's before anything is wrapped.
 */
export async function createEpoch(
  draft: EpochDraft,
  context: EpochContext,
): Promise<{ header: VerifiedHeader; secret: EpochSecret; wraps: AddressedWrap[] }> {
  const { previous } = context;
  const secret = newEpochSecret();
  const at = { room: draft.room, epoch: (previous?.header.epoch ?? 0) + 1 };
  const linked =
    context.previousSecret &&
    !draft.inviteSecret &&
    previous?.header.policy.history === 'all' &&
    draft.policy.history === 'all';
  const payload: EpochHeader = {
    v: 1,
    room: draft.room,
    epoch: at.epoch,
    previous: previous?.hash ?? null,
    author: draft.author,
    at: draft.at,
    members: draft.members,
    policy: draft.policy,
    invites: draft.invites,
    admission: draft.inviteSecret ? await admit(draft, draft.inviteSecret, previous) : null,
    leaves: draft.leaves,
    seen: draft.seen,
    commitment: await commitmentOf(secret, at.room, at.epoch),
    ...(await profilePart(draft, previous, at, secret)),
    link:
      linked && context.previousSecret ? await sealPart(secret, 'link', at, context.previousSecret) : null,
  };
  const signed = await sign('epochHeader', EpochHeaderCodec.encode(payload), context.signing);
  const { lists, departed } = context;
  const header = await verifyHeader(signed, {
    previous,
    room: draft.room,
    author: draft.author,
    lists,
    departed,
    time: null,
  });
  for (const recipient of context.recipients) await checkRecipient(header, recipient, lists);
  const wraps = await wrapForAll(secret, header.hash, context.recipients, context.onProgress);
  return { header, secret, wraps };
}

/** R1: the hash stands on until somebody renames; what it stands for is sealed by whoever knows it. */
async function profilePart(
  { profile, renames }: EpochDraft,
  previous: VerifiedHeader | null,
  at: { room: RoomId; epoch: number },
  secret: EpochSecret,
): Promise<Pick<EpochHeader, 'profile' | 'sealed'>> {
  const known = profile && (await profileHash(profile));
  const stands = previous && !renames ? previous.header.profile : known;
  const tells = profile && known && stands && equalBytes(known, stands);
  const sealed = tells ? await sealPart(secret, 'profile', at, encodeProfile(profile)) : null;
  return { profile: stands, sealed };
}

/** Attack 1, attack 34: only devices in the lists that the header pins, which were just verified. */
async function checkRecipient(
  { header }: VerifiedHeader,
  { key }: VerifiedExchangeKey,
  lists: ListLookup,
): Promise<void> {
  const member = header.members.find((m) => m.account === key.account);
  if (!member) throw new UsageError('a recipient is not a member');
  const pinned = await lists(member.account, member.list);
  if (!pinned || !signingKeyOf(pinned.list, key.device)) {
    throw new UsageError('a recipient is not in the device list the header names');
  }
}

async function admit(draft: EpochDraft, inviteSecret: Bytes, previous: VerifiedHeader | null) {
  const arriving = draft.members.find((m) => m.account === draft.author.account);
  if (!previous || !arriving) throw new UsageError('an invite leads into a room that exists');
  const key = await inviteKey(inviteSecret);
  const input = admissionInput({
    room: draft.room,
    ...draft.author,
    identity: arriving.identity,
    previous: previous.hash,
  });
  return { invite: key.publicKey, signature: await signBytes(key, signingInput('admission', input)) };
}

/** The secret of the epoch before, where the header links it; the caller checks its commitment. */
export async function openLink(header: EpochHeader, secret: EpochSecret): Promise<EpochSecret | null> {
  return header.link ? asEpochSecret(await openPart(secret, 'link', header, header.link)) : null;
}
