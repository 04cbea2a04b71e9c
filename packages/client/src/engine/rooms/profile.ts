import { openProfile, type RoomProfile, VerificationError } from '@sotto/crypto';
import { ClientError } from '../../error.ts';
import type { RoomRow } from '../rows.ts';
import type { EpochSecrets } from './secrets.ts';

const NOT_YET = 'The keys of this conversation are still on their way here. Try again in a moment.';

/**
 * The name that the next header carries on: as the newest header has it, since the stored row may be behind.
 * @param lockedOut nobody gives this device the key (R6): the name it knew has to do
 * @throws ClientError 'usage' where this device cannot read the name yet, and would overwrite it
 */
export async function currentProfile(
  secrets: EpochSecrets,
  row: RoomRow,
  lockedOut: boolean,
): Promise<RoomProfile> {
  const header = row.state.header?.header;
  if (!header || header.kind === 'direct') return row.profile;
  let secret = await secrets.get(row.room, header.epoch);
  if (!secret) {
    await secrets.collect();
    secret = await secrets.get(row.room, header.epoch);
  }
  if (!secret) {
    if (lockedOut) return row.profile;
    throw new ClientError('usage', { message: NOT_YET });
  }
  try {
    return await openProfile(header, secret);
  } catch (error) {
    // Its author sealed something else (attack 27): the name of before stays, as everyone shows it.
    if (error instanceof VerificationError) return row.profile;
    throw error;
  }
}
