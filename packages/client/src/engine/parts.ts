import type { DeviceId, RoomId } from '@sotto/protocol';
import type { IncomingMessage } from '../api.ts';
import type { Alarm } from '../state.ts';
import type { AccountUpkeep } from './account/upkeep.ts';
import type { Emitter } from './emitter.ts';
import type { AccountFiles } from './files/account-files.ts';
import type { Directory } from './people/directory.ts';
import type { Archive } from './rooms/archive.ts';
import type { RoomContext } from './rooms/context.ts';
import type { Duties } from './rooms/duties.ts';
import type { Epochs } from './rooms/epochs.ts';
import type { Marks } from './rooms/marks.ts';
import type { Outbox } from './rooms/outbox.ts';
import type { RoomRows } from './rooms/room-rows.ts';
import type { EpochSecrets } from './rooms/secrets.ts';
import type { RoomSync } from './rooms/sync.ts';
import type { RoomTimeline } from './timeline/timeline.ts';

/** One account's parts, as those that react to frames and to stored entries use them. */
export interface EngineParts {
  readonly context: RoomContext;
  readonly directory: Directory;
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
  readonly sync: RoomSync;
  readonly epochs: Epochs;
  readonly outbox: Outbox;
  readonly marks: Marks;
  readonly duties: Duties;
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
  notifyDevice(device: DeviceId): void;
}
