import {
  inviteKey,
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
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Transport } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import type { RoomContext } from './context.ts';
import type { Epochs } from './epochs.ts';
import type { RoomRows } from './room-rows.ts';
import { claimedHeader } from './start.ts';

interface Parts {
  readonly context: RoomContext;
  readonly rows: RoomRows;
  readonly epochs: Epochs;
}

/** What an invite link leads to. */
export interface Invited {
  readonly header: VerifiedHeader;
  readonly secret: Bytes;
  readonly profile: RoomProfile;
}

const ATTEMPTS = 8;
/** Another epoch came first, or one is due after somebody left: look again. */
const AGAIN: readonly string[] = ['epoch_conflict', 'list_conflict', 'stale_key'];

/**
 * R7: reads what the link's fragment leads to. Its newest header is checked by its author's signature and the
 * invite it names; the whole chain is verified once this account is inside and may read it.
 * @throws ClientError 'not_found', 'invite_expired'; VerificationError R7 'bad_invite', K3
 */
export async function readInvite(
  { context }: Pick<Parts, 'context'>,
  transport: Transport,
  fragment: string,
): Promise<Invited> {
  const { room, secret } = parseInviteFragment(fragment);
  const { publicKey } = await inviteKey(secret);
  const path = PATHS.invite(toBase64Url(publicKey));
  const answer = await callOpen(transport, 'GET', path, HeadersSchema);
  const signed = fromBase64Url(answer.headers.at(-1)?.header ?? '');
  if (!signed) throw new ClientError('bad_answer');
  const header = await checkHeader(context, signed);
  const invite = header.header.invites.find((open) => equalBytes(open.key, publicKey));
  if (header.header.room !== room || !invite) {
    throw new VerificationError('R7', 'bad_invite', 'the invite leads elsewhere');
  }
  if (invite.expires < context.calls.serverTime()) throw new ClientError('invite_expired');
  return { header, secret, profile: await openInviteProfile(invite, secret, room) };
}

async function checkHeader(context: RoomContext, signed: Bytes): Promise<VerifiedHeader> {
  const claimed = claimedHeader(signed);
  const { account, device } = claimed.author;
  await context.directory.fetchLists(claimed.members.map((member) => member.account));
  const list = await context.directory.lists.newest(account);
  const signing = list && signingKeyOf(list.list, device);
  if (!signing) throw new VerificationError('K3', 'unknown_device', 'the header’s author is not known');
  await openSigned('epochHeader', signed, signing, 'R1');
  return { header: claimed, hash: await sha256(signed), signed, events: [] };
}

/** Lets this account in by the link, even when no member is online. @throws as `readInvite`, ClientError */
export async function joinByInvite(parts: Parts, transport: Transport, fragment: string): Promise<RoomId> {
  const { context, rows, epochs } = parts;
  for (let attempt = 1; ; attempt++) {
    const { header, secret, profile } = await readInvite(parts, transport, fragment);
    const { room } = header.header;
    if (rows.peek(room)?.standing === 'member') return room;
    try {
      await epochs.join(header, secret, profile);
      return room;
    } catch (error) {
      const again = error instanceof ClientError && AGAIN.includes(error.code);
      if (!again || attempt >= ATTEMPTS) throw error;
      await new Promise<void>((resolve) => context.clock.after(300 * attempt, resolve));
    }
  }
}
