import type { RoomProfile, VerifiedHeader } from '@sotto/crypto';
import type { EpochHeader } from '@sotto/protocol';
import type { RoomRow } from '../rows.ts';

/** True on a new device until the log is read up to what the room is shown by. */
export const isBehind = ({ state, ahead }: RoomRow): boolean =>
  ahead !== undefined && (state.header?.header.epoch ?? 0) < ahead.header.header.epoch;

/** The header by which a room is shown. What is done in it always goes by what was read of its log. */
export const shownBy = (row: RoomRow): VerifiedHeader | null =>
  (isBehind(row) ? row.ahead?.header : row.state.header) ?? null;

export const shownHeader = (row: RoomRow): EpochHeader | undefined => shownBy(row)?.header;

export const shownProfile = (row: RoomRow): RoomProfile =>
  isBehind(row) && row.ahead ? row.ahead.profile : row.profile;
