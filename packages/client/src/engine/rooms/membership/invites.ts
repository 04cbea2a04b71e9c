import {
  demandSame,
  inviteKey,
  isProfileOf,
  openInviteProfile,
  openSigned,
  parseInviteFragment,
  type RoomProfile,
  sha256,
  signingKeyOf,
  VerificationError,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type Bytes,
  equalBytes,
  fromBase64Url,
  HeadersSchema,
  isDated,
  isOpen,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { ClientError } from '../../../error.ts';
import type { Transport } from '../../../seams/index.ts';
import { callOpen } from '../../calls.ts';
import { confirmed } from '../../confirmed.ts';
import type { RoomContext } from '../context.ts';
import { claimedHeader, verifyFetched } from '../log/start.ts';
import type { RoomSync } from '../log/sync.ts';
import type { RoomRows } from '../room-rows.ts';
import type { Epochs } from './epochs.ts';

interface Needs extends Pick<RoomContext, 'calls' | 'directory' | 'keys'> {
  readonly rows: RoomRows;
  readonly sync: RoomSync;
}

/** What an invite link leads to. */
export interface Invited {
  readonly header: VerifiedHeader;
  readonly secret: Bytes;
  /** As it was when the link was made. */
  readonly profile: RoomProfile;
  /** The group goes by this name now. */
  readonly current: boolean;
}

const ATTEMPTS = 8;
/** Another epoch came first, or one is due after somebody left: look again. */
const AGAIN: readonly string[] = ['epoch_conflict', 'list_conflict', 'stale_key'];

/**
 * R7: reads what the link's fragment leads to. Its newest header is checked by its author's signature and the
 * invite it names; the whole chain is verified once this account is inside and may read it.
 * @param shown signed header that the user saw and wants to come in by: what is newer has to follow from it
 * @throws ClientError 'not_found', 'invite_expired', 'not_current'; VerificationError R7 'bad_invite', K3
 */
export async function readInvite(
  needs: Needs,
  transport: Transport,
  fragment: string,
  shown?: Bytes,
): Promise<Invited> {
  const { room, secret } = parseInviteFragment(fragment);
  const { publicKey } = await inviteKey(secret);
  const path = PATHS.invite(room, toBase64Url(publicKey));
  const header = shown
    ? await successorOf(needs, transport, path, await checkHeader(needs, shown))
    : await newestHeader(needs, transport, path);
  await demandKnown(needs, header);
  const invite = header.header.invites.find((open) => equalBytes(open.key, publicKey));
  if (header.header.room !== room || !invite) {
    throw new VerificationError('R7', 'bad_invite', 'the invite leads elsewhere');
  }
  if (!isOpen(invite, needs.calls.serverTime())) throw new ClientError('invite_expired');
  const profile = await openInviteProfile(invite, secret, room);
  return { header, secret, profile, current: await isProfileOf(profile, header.header) };
}

async function newestHeader(context: Needs, transport: Transport, path: string): Promise<VerifiedHeader> {
  const answer = await callOpen(transport, 'GET', path, HeadersSchema).catch((error: unknown) => {
    if (!(error instanceof ClientError) || error.code !== 'not_found') throw error;
    throw new ClientError('not_found', { reason: 'invite_gone', cause: error });
  });
  const newest = answer.headers.at(-1);
  const signed = fromBase64Url(newest?.header ?? '');
  if (!newest || !signed) throw new ClientError('bad_answer');
  return checkHeader(context, signed, newest.time);
}

/**
 * Attack 39: the newest header, where it follows by the rules of membership from the one that was shown, and all who were
 * shown are still in: others may have come in by the same link. @throws ClientError 'not_current'
 */
async function successorOf(
  context: Needs,
  transport: Transport,
  path: string,
  shown: VerifiedHeader,
): Promise<VerifiedHeader> {
  const { room, epoch, members } = shown.header;
  const answer = await callOpen(transport, 'GET', `${path}?after=${epoch}`, HeadersSchema);
  if (answer.more) throw new ClientError('not_current');
  let header = shown;
  for (const { header: text, time } of answer.headers) {
    header = await verifyFetched(context, room, { text, time }, header).catch((cause: unknown) => {
      if (!(cause instanceof VerificationError)) throw cause;
      throw new ClientError('not_current', { rule: cause.rule, cause });
    });
  }
  for (const { account, identity } of members) {
    confirmed(identity, header.header.members.find((now) => now.account === account)?.identity ?? null);
  }
  return header;
}

/** Attack 42: who was in the room before knows headers of it; an invite does not lead to another of the same number. */
async function demandKnown({ rows, sync }: Needs, { header, hash }: VerifiedHeader): Promise<void> {
  const known = await rows.header(header.room, header.epoch);
  try {
    demandSame(known?.header, hash);
  } catch (error) {
    if (error instanceof VerificationError) await sync.raise(header.room, error);
    throw error;
  }
}

async function checkHeader({ directory }: Needs, signed: Bytes, time?: number): Promise<VerifiedHeader> {
  const claimed = claimedHeader(signed);
  if (time !== undefined && !isDated(claimed.at, time)) {
    throw new VerificationError('R1', 'misdated', 'the header is dated far from when it came'); // attack 40
  }
  const { account, device } = claimed.author;
  await directory.fetchLists(claimed.members.map((member) => member.account));
  const list = await directory.lists.newest(account);
  const signing = list && signingKeyOf(list.list, device);
  if (!signing) throw new VerificationError('K3', 'unknown_device', 'the header’s author is not known');
  await openSigned('epochHeader', signed, signing, 'R1');
  return { header: claimed, hash: await sha256(signed), signed, events: [] };
}

/**
 * Lets this account in by the link, even when no member is online.
 * @param shown signed header that the user saw @throws as `readInvite`, ClientError
 */
export async function joinByInvite(
  needs: Needs & Pick<RoomContext, 'clock'> & { readonly epochs: Epochs },
  transport: Transport,
  fragment: string,
  shown: Bytes,
): Promise<RoomId> {
  const { clock, rows, epochs } = needs;
  for (let attempt = 1; ; attempt++) {
    const { header, secret, profile } = await readInvite(needs, transport, fragment, shown);
    const { room } = header.header;
    if (rows.peek(room)?.standing === 'member') return room;
    try {
      await epochs.join(header, secret, profile);
      return room;
    } catch (error) {
      const again = error instanceof ClientError && AGAIN.includes(error.code);
      if (!again || attempt >= ATTEMPTS) throw error;
      await new Promise<void>((resolve) => clock.after(300 * attempt, resolve));
    }
  }
}
