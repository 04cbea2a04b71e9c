import { openProfile, type RoomProfile, VerificationError } from '@sotto/crypto';
import { type EpochHeader, equalBytes } from '@sotto/protocol';
import type { HeaderRow, RoomRow, SelfRow } from '../rows.ts';
import type { EpochSecrets } from './secrets.ts';

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
  return { header, profile: await nameIn(secrets, header.header) };
}

const NAMELESS: RoomProfile = { name: '', topic: '' };

async function nameIn(secrets: EpochSecrets, header: EpochHeader): Promise<RoomProfile> {
  const secret = header.kind === 'group' ? await secrets.get(header.room, header.epoch) : undefined;
  if (!secret) return NAMELESS; // it goes by its members until the key is here
  try {
    return await openProfile(header, secret);
  } catch (error) {
    if (error instanceof VerificationError) return NAMELESS; // attack 27: reading the log tells of it
    throw error;
  }
}

/** True on a new device until the log is read up to what the room is shown by. */
export const isBehind = ({ state, ahead }: RoomRow): boolean =>
  ahead !== undefined && (state.header?.header.epoch ?? 0) < ahead.header.header.epoch;

/** The header by which a room is shown. What is done in it always goes by what was read of its log. */
export const shownHeader = (row: RoomRow): EpochHeader | undefined =>
  (isBehind(row) ? row.ahead?.header : row.state.header)?.header;

export const shownProfile = (row: RoomRow): RoomProfile =>
  isBehind(row) && row.ahead ? row.ahead.profile : row.profile;
