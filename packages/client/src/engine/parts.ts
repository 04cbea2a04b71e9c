import type { AccountUpkeep } from './account/upkeep.ts';
import type { Consent } from './consent/consent.ts';
import type { AccountFiles } from './files/account-files.ts';
import type { Directory } from './people/directory.ts';
import type { Archive } from './rooms/keys/archive.ts';
import type { Helping } from './rooms/keys/helping.ts';
import type { EpochSecrets } from './rooms/keys/secrets.ts';
import type { RoomSync } from './rooms/log/sync.ts';
import type { Duties } from './rooms/membership/duties.ts';
import type { Epochs } from './rooms/membership/epochs.ts';
import type { Receipts } from './rooms/receipts/receipts.ts';
import type { RoomRows } from './rooms/room-rows.ts';
import type { Outbox } from './rooms/sending/outbox.ts';
import type { Timelines } from './timeline/timelines.ts';

/** One account's parts. Who works with several says which (`Pick`). */
export interface EngineParts {
  readonly directory: Directory;
  readonly consent: Consent;
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
  readonly sync: RoomSync;
  readonly epochs: Epochs;
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly duties: Duties;
  readonly helping: Helping;
  readonly archive: Archive;
  readonly upkeep: AccountUpkeep;
  readonly files: AccountFiles;
  readonly timelines: Timelines;
}
