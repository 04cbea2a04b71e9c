import {
  type EpochSecret,
  isProfileOf,
  openProfile,
  type RoomProfile,
  VerificationError,
  type VerifiedHeader,
} from '@sotto/crypto';
import { type EpochHeader, hiddenCharacter } from '@sotto/protocol';
import { ClientError } from '../../../error.ts';
import type { RoomRow } from '../../rows.ts';

/** Attack 49: what the user gives a group to be called. @throws ClientError 'bad_title' */
export function checkProfile(name: string, topic: string): Pick<RoomProfile, 'name' | 'topic'> {
  const character = hiddenCharacter(name.trim()) ?? hiddenCharacter(topic);
  if (character !== undefined) throw new ClientError('bad_title', { flaw: { rule: 'character', character } });
  return { name: name.trim(), topic };
}

/** What a room is called once a header was read. */
export interface Named {
  readonly profile: RoomProfile;
  /** The header does not carry the name that is known, though it stands on: whoever knows it makes one that does. */
  readonly unsaid: boolean;
  /** Its author sealed something else (attack 27). */
  readonly broken?: VerificationError;
}

/** R1: the name a header carries; where it carries none, or another than it stands for, the one of before stays. */
export async function nameAfter(
  header: EpochHeader,
  secret: EpochSecret,
  before: RoomProfile,
): Promise<Named> {
  let broken: VerificationError | undefined;
  try {
    const profile = await openProfile(header, secret);
    if (profile) return { profile, unsaid: false };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    broken = error;
  }
  return { profile: before, unsaid: await isProfileOf(before, header), ...(broken ? { broken } : {}) };
}

/** The name as far as this device knows it: as the newest header has it, since the stored row may be behind. */
export async function knownProfile(
  secrets: { get(header: VerifiedHeader): Promise<EpochSecret | undefined> },
  row: RoomRow,
): Promise<RoomProfile> {
  const { header } = row.state;
  const secret = header && (await secrets.get(header));
  return secret ? (await nameAfter(header.header, secret, row.profile)).profile : row.profile;
}
