import { NO_PROFILE, type RoomProfile, type VerifiedHeader } from '@sotto/crypto';
import { equalBytes, roomKind } from '@sotto/protocol';
import type { HeaderRow, RoomRow, SelfRow } from '../../rows.ts';
import type { EpochSecrets } from '../keys/secrets.ts';
import { nameAfter } from '../membership/profile.ts';

type Ahead = NonNullable<RoomRow['ahead']>;

/**
 * By what a room is shown before its log is read: its newest header, verified as the end of the signed chain (R1), and
 * the name in it. Undefined where this account is not in it: then the log has to say what happened.
 */
export async function lookAhead(
  secrets: EpochSecrets,
  headers: readonly HeaderRow[],
  { account, identity }: SelfRow,
): Promise<Ahead | undefined> {
  const header = headers.at(-1)?.header;
  const own = header?.header.members.find((member) => member.account === account);
  if (!header || !own || !equalBytes(own.identity, identity)) return undefined;
  return { header, profile: await nameIn(secrets, header) };
}

async function nameIn(secrets: EpochSecrets, verified: VerifiedHeader): Promise<RoomProfile> {
  const { header } = verified;
  const secret = roomKind(header.room) === 'group' ? await secrets.get(verified) : undefined;
  // It goes by its members until the key is here; what is broken is told when the log is read (attack 27).
  return secret ? (await nameAfter(header, secret, NO_PROFILE)).profile : NO_PROFILE;
}
