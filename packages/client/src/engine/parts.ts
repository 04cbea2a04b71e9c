import type { RoomId } from '@sotto/protocol';
import type { IncomingMessage } from '../api.ts';
import type { Alarm } from '../state.ts';
import type { ShownDevice } from './account/devices.ts';
import type { AccountUpkeep } from './account/upkeep.ts';
import type { Consent } from './consent/consent.ts';
import type { Emitter } from './emitter.ts';
import type { AccountFiles } from './files/account-files.ts';
import type { Directory } from './people/directory.ts';
import type { RoomContext } from './rooms/context.ts';
import type { Archive } from './rooms/keys/archive.ts';
import type { Helping } from './rooms/keys/helping.ts';
import type { EpochSecrets } from './rooms/keys/secrets.ts';
import type { RoomSync } from './rooms/log/sync.ts';
import type { Duties } from './rooms/membership/duties.ts';
import type { Epochs } from './rooms/membership/epochs.ts';
import type { Receipts } from './rooms/receipts/receipts.ts';
import type { RoomRows } from './rooms/room-rows.ts';
import type { Outbox } from './rooms/sending/outbox.ts';
import type { RoomTimeline } from './timeline/timeline.ts';

/** One account's parts, as those that react to frames and to stored entries use them. */
export interface EngineParts {
  readonly context: RoomContext;
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
  readonly incoming: Emitter<IncomingMessage>;
  readonly closed: boolean;
  /** The room's timeline where somebody looks at it. */
  openTimeline(room: RoomId): RoomTimeline | undefined;
  roomChanged(room: RoomId): void;
  background(work: Promise<unknown>): void;
  notify(alarm: Alarm, room: RoomId | null): void;
  /** Another device joined this account. */
  notifyDevice(device: ShownDevice): void;
}
