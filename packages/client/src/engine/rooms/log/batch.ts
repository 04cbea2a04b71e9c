import type { EpochSecret, RoomProfile, RoomState, VerifiedHeader } from '@sotto/crypto';
import type { Bytes } from '@sotto/protocol';
import type { EntryRow, HeaderRow, RoomRow } from '../../rows.ts';

/** What one run over entries gathers before it is written as one. */
export class Batch {
  readonly row: RoomRow;
  readonly entries: EntryRow[] = [];
  readonly headers: HeaderRow[] = [];
  readonly secrets = new Map<VerifiedHeader, EpochSecret>();
  state: RoomState;
  profile: RoomProfile;
  unsaid: boolean;
  standing: RoomRow['standing'];
  admitted: RoomRow['admitted'];

  constructor(row: RoomRow) {
    this.row = row;
    this.state = row.state;
    this.profile = row.profile;
    this.unsaid = row.unsaid;
    this.standing = row.standing;
    this.admitted = row.admitted;
  }

  chainAt(position: number): Bytes | undefined {
    if (position === this.state.position) return this.state.chain;
    return this.entries[position - (this.entries[0]?.position ?? 0)]?.chain;
  }
}
