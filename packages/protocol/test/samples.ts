import { hash } from 'node:crypto';
import type {
  AccountId,
  DeviceId,
  EpochHeader,
  HeaderMember,
  MessageId,
  Role,
  RoomId,
} from '../src/index.ts';
import { groupRoomInput, idFromBytes, KEM_KEY_BYTES, ML_KEM_KEY_BYTES, roomFrom } from '../src/index.ts';

/** 32 bytes, all alike: structures are under test here, not keys. */
export const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill);

/** A composite public key in form: what is in it nobody holds. */
export function kemKey(fill: number): Uint8Array<ArrayBuffer> {
  const key = new Uint8Array(KEM_KEY_BYTES).fill(fill);
  key.set(Uint8Array.fromHex('3082018a0282018100'), ML_KEM_KEY_BYTES);
  key[ML_KEM_KEY_BYTES + 9] = 0x80;
  key.set(Uint8Array.fromHex('010203010001'), KEM_KEY_BYTES - 6);
  return key;
}

export const id = <Id extends AccountId | DeviceId | RoomId | MessageId>(fill: number): Id =>
  idFromBytes<Id>(bytes(fill, 16));

export const account = (fill: number) => id<AccountId>(fill);
export const device = (fill: number) => id<DeviceId>(fill);
export const room = (fill: number) => id<RoomId>(fill);

export function member(fill: number, role: Role = 'member', list = 1): HeaderMember {
  return { account: account(fill), identity: bytes(fill), role, list, listHash: bytes(list) };
}

export const sha256 = (input: Uint8Array) => new Uint8Array(hash('sha256', input, 'buffer'));

const PROFILE = bytes(6);
/** The group that account 1 founds under this profile. */
const GROUP_ROOM = roomFrom('group', sha256(groupRoomInput(account(1), PROFILE)));

/** Epoch 1 of a group: 1 is the admin, 2 and 3 are members. */
export function header(change: Partial<EpochHeader> = {}): EpochHeader {
  return {
    v: 1,
    room: GROUP_ROOM,
    epoch: 1,
    previous: null,
    author: { account: account(1), device: device(1) },
    at: 1_000,
    members: [member(1, 'admin'), member(2), member(3)],
    policy: { add: 'admin', history: 'joined', profile: 'admin' },
    invites: [],
    admission: null,
    leaves: [],
    seen: { position: 0, chain: bytes(0) },
    commitment: bytes(7),
    profile: PROFILE,
    sealed: bytes(8, 272),
    link: null,
    ...change,
  };
}

export const PREVIOUS_HASH = bytes(0xaa);

/** The header after `previous`, unchanged but for `change`. */
export function after(previous: EpochHeader, change: Partial<EpochHeader> = {}): EpochHeader {
  return { ...previous, epoch: previous.epoch + 1, previous: PREVIOUS_HASH, admission: null, ...change };
}
