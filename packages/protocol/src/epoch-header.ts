import * as v from 'valibot';
import { toBase64Url } from './bytes.ts';
import {
  type AccountId,
  type DeviceId,
  ID_BYTES,
  idBytes,
  idFromBytes,
  type MessageId,
  type RoomId,
} from './ids.ts';
import { LIMITS } from './limits.ts';
import { roomKind } from './room-id.ts';
import { field, structure } from './structure.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export type Role = 'admin' | 'member';

/** A member as the header pins it: identity and exact device list, so that all wrap to the same keys. */
export interface HeaderMember {
  readonly account: AccountId;
  readonly identity: Bytes;
  readonly role: Role;
  /** Version and SHA-256 of the member's signed device list. */
  readonly list: number;
  readonly listHash: Bytes;
}

export interface RoomPolicy {
  /** Who may add members. */
  readonly add: Role;
  /** What a new member can read of the past: nothing, or all that is linked. */
  readonly history: 'joined' | 'all';
  /** Who may change the room's name and topic. */
  readonly profile: Role;
}

/** R7: an invite link that stands open; its secret is only in the link. */
export interface HeaderInvite {
  /** Ed25519 public key, derived from the link's secret. */
  readonly key: Bytes;
  readonly expires: number;
  /** The room's profile, sealed under the link's secret, for whoever arrives by it. */
  readonly sealed: Bytes;
}

/** R7: proof that the author of this header holds an invite of the header before. */
export interface Admission {
  readonly invite: Bytes;
  readonly signature: Bytes;
}

/** Log position with its chain hash: what the author had seen (M2). */
export interface Seen {
  readonly position: number;
  readonly chain: Bytes;
}

/** R1: one epoch of a room; the payload that the author's device signs. */
export interface EpochHeader {
  readonly v: 1;
  /** Tells the room's kind too (`roomKind`). */
  readonly room: RoomId;
  /** 1, 2, 3 …: grows by exactly one. */
  readonly epoch: number;
  /** SHA-256 of the whole signed header before; null in epoch 1. */
  readonly previous: Bytes | null;
  readonly author: { readonly account: AccountId; readonly device: DeviceId };
  readonly at: number;
  /** In order of joining. */
  readonly members: readonly HeaderMember[];
  readonly policy: RoomPolicy;
  readonly invites: readonly HeaderInvite[];
  readonly admission: Admission | null;
  /** Signed leave statements of everyone this header drops because they left (R3). */
  readonly leaves: readonly Bytes[];
  readonly seen: Seen;
  /** Commitment to the epoch secret (R2). */
  readonly commitment: Bytes;
  /**
   * Hash of the room's profile with its salt: it stays the same until somebody who may changes name or topic, which all
   * see without being able to read them. Null exactly in direct rooms, which have none.
   */
  readonly profile: Bytes | null;
  /** The profile sealed under this epoch; null also where its author did not know it. */
  readonly sealed: Bytes | null;
  /** The previous epoch's secret sealed under this one, where new members may read the past. */
  readonly link: Bytes | null;
}

const seen = v.strictObject({ position: field.count, chain: field.hash });

const fields = v.strictObject({
  v: field.suite,
  room: field.room,
  epoch: field.positive,
  previous: v.nullable(field.hash),
  author: v.strictObject({ account: field.account, device: field.device }),
  at: field.time,
  members: v.pipe(
    v.array(
      v.strictObject({
        account: field.account,
        identity: field.signingKey,
        role: v.picklist(['admin', 'member']),
        list: field.positive,
        listHash: field.hash,
      }),
    ),
    v.minLength(1),
    v.maxLength(LIMITS.members),
    v.check((list) => new Set(list.map((m) => m.account)).size === list.length, 'an account stands twice'),
  ),
  policy: v.strictObject({
    add: v.picklist(['admin', 'member']),
    history: v.picklist(['joined', 'all']),
    profile: v.picklist(['admin', 'member']),
  }),
  invites: v.pipe(
    v.array(
      v.strictObject({
        key: field.signingKey,
        expires: field.time,
        sealed: field.bytes(16, LIMITS.sealedProfile),
      }),
    ),
    v.maxLength(LIMITS.invites),
    v.check(
      (all) => new Set(all.map(({ key }) => toBase64Url(key))).size === all.length,
      'an invite stands twice',
    ),
  ),
  admission: v.nullable(v.strictObject({ invite: field.signingKey, signature: field.signature })),
  leaves: v.pipe(v.array(field.bytes(65, LIMITS.leave)), v.maxLength(LIMITS.members)),
  seen,
  commitment: field.hash,
  profile: v.nullable(field.hash),
  sealed: v.nullable(field.bytes(16, LIMITS.sealedProfile)),
  link: v.nullable(field.bytes(48, 48)),
});

/** R1: groups have a profile, direct rooms have none. */
const schema = v.pipe(
  fields,
  v.check(
    ({ room, profile }) => (roomKind(room) === 'direct') === (profile === null),
    'profile: not of this kind',
  ),
  v.check(({ profile, sealed }) => profile !== null || sealed === null, 'a profile is sealed that is none'),
);

/** Codec of the epoch header payload. */
export const EpochHeaderCodec = structure<EpochHeader>(
  'epoch header',
  LIMITS.epochHeader,
  schema,
  (header) => ({
    ...header,
    room: idBytes(header.room),
    author: { account: idBytes(header.author.account), device: idBytes(header.author.device) },
    members: header.members.map((m) => ({ ...m, account: idBytes(m.account) })),
    policy: { ...header.policy },
    invites: header.invites.map((i) => ({ ...i })),
    admission: header.admission && { ...header.admission },
    leaves: [...header.leaves],
    seen: { ...header.seen },
  }),
);

/** D1: the id of the entry that holds a header: the beginning of its hash, so that it is nobody's to choose. */
export const headerEntryId = (hash: Uint8Array): MessageId =>
  idFromBytes<MessageId>(hash.subarray(0, ID_BYTES));
