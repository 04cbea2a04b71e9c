import {
  type AccountId,
  type Bytes,
  type EpochHeader,
  EpochHeaderCodec,
  equalBytes,
  type RoomId,
  splitSigned,
} from '@sotto/protocol';
import type { DeviceLists } from '../devices/lists.ts';
import { bytesOf, sha256 } from '../digest.ts';
import { Refused } from '../refusal.ts';
import { checkHeader, type Ground } from '../rooms/header-rules.ts';
import type { Laid } from '../rooms/laid.ts';
import { openSigned } from '../signatures.ts';

/**
 * A header of a room as its author signed it, by the list that it names; its rules are not looked at.
 * @throws Refused 'bad_signature', 'malformed', 'unknown_device'
 */
export async function openHeader(lists: DeviceLists, room: RoomId, signed: Bytes): Promise<EpochHeader> {
  const { members, author } = EpochHeaderCodec.decode(splitSigned(signed).payload);
  const member = members.find(({ account }) => account === author.account);
  const known = member && (await lists.at(member.account, member.list));
  const key = known?.list.devices.find(({ device }) => device === author.device)?.signing;
  if (!key) throw new Refused('unknown_device', 'The author of a header is in no list that is known here.');
  const header = EpochHeaderCodec.decode(await openSigned('epochHeader', signed, key, 'epoch header'));
  if (header.room === room) return header;
  throw new Refused('malformed', 'A header names another room.');
}

export type SignedHeader = Laid & { readonly signed: Bytes };

export interface Admission {
  /** From the first to the one that admits the account. */
  readonly headers: readonly SignedHeader[];
  readonly admitting: SignedHeader;
}

/**
 * R1, R3: the headers of a room from the first to the one that admits the account, each on top of the one before: by them
 * it shows that it has something to do with the room, whether the server knows the room or not.
 * @throws Refused 'not_member' where they do not admit it; with the rule that one of them breaks
 */
export async function readAdmission(
  lists: DeviceLists,
  {
    room,
    by,
    headers,
  }: {
    room: RoomId;
    by: AccountId;
    headers: readonly { readonly position: number; readonly header: string }[];
  },
): Promise<Admission> {
  const laid: SignedHeader[] = [];
  for (const { position, header: text } of headers) {
    const signed = bytesOf(text);
    const previous = laid.at(-1) ?? null;
    if (previous ? position <= previous.position : position !== 1) {
      throw new Refused('malformed', 'The headers do not stand where headers of a log can stand.');
    }
    const header = await openHeader(lists, room, signed);
    if (position <= header.seen.position) {
      throw new Refused('malformed', 'A header stands before what its author had seen.');
    }
    await checkHeader(lists, header, withoutLog(previous), { time: header.at, lists: 'named' });
    laid.push({ header, hash: sha256(signed), position, signed });
  }
  const admitting = laid.at(-1);
  const own = admitting?.header.members.find(({ account }) => account === by);
  // K4: started over with another identity, the account is somebody new.
  const wasIn = laid
    .at(-2)
    ?.header.members.some(
      ({ account, identity }) => account === by && own && equalBytes(identity, own.identity),
    );
  if (!admitting || !own || wasIn) throw new Refused('not_member');
  return { headers: laid, admitting };
}

/** The log around these headers is not here. */
const withoutLog = (previous: Laid | null): Ground => ({
  previous,
  departed: [],
  whole: false,
  time: 0,
  chainAt: async () => undefined,
});
