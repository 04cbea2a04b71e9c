import * as v from 'valibot';
import { type AccountId, type DeviceId, idBytes, type RoomId } from './ids.ts';
import { LIMITS } from './limits.ts';
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
  readonly room: RoomId;
  readonly kind: 'direct' | 'group';
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
  /** Name and topic, sealed under this epoch. */
  readonly sealed: Bytes;
  /** The previous epoch's secret sealed under this one, where new members may read the past. */
  readonly link: Bytes | null;
}

const seen = v.strictObject({ position: field.count, chain: field.hash });

const schema = v.strictObject({
  v: field.suite,
  room: field.room,
  kind: v.picklist(['direct', 'group']),
  epoch: v.pipe(field.count, v.minValue(1)),
  previous: v.nullable(field.hash),
  author: v.strictObject({ account: field.account, device: field.device }),
  at: field.time,
  members: v.pipe(
    v.array(
      v.strictObject({
        account: field.account,
        identity: field.key32,
        role: v.picklist(['admin', 'member']),
        list: v.pipe(field.count, v.minValue(1)),
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
  }),
  invites: v.pipe(
    v.array(
      v.strictObject({
        key: field.key32,
        expires: field.time,
        sealed: field.bytes(16, LIMITS.sealedProfile),
      }),
    ),
    v.maxLength(LIMITS.invites),
  ),
  admission: v.nullable(v.strictObject({ invite: field.key32, signature: field.signature })),
  leaves: v.pipe(v.array(field.bytes(65, LIMITS.leave)), v.maxLength(LIMITS.members)),
  seen,
  commitment: field.hash,
  sealed: field.bytes(16, LIMITS.sealedProfile),
  link: v.nullable(field.bytes(48, 48)),
});

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
