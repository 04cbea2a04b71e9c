import type { Logger } from 'pino';
import type { Passwords } from './accounts/passwords.ts';
import type { WorkGate } from './accounts/work.ts';
import type { Bus } from './bus/bus.ts';
import type { ServerConfig } from './config.ts';
import type { DeviceLists } from './devices/lists.ts';
import type { FileService } from './files/open.ts';
import type { Nonces } from './http/nonces.ts';
import type { Limiter } from './limits/limiter.ts';
import type { Journal } from './log/journal.ts';
import type { Metrics } from './operations/metrics.ts';
import type { Origins } from './origins.ts';
import type { LastSeen } from './realtime/last-seen.ts';
import type { Presence } from './realtime/presence.ts';
import type { RequestDesk } from './realtime/request-desk.ts';
import type { Store } from './store/store.ts';

/** What the parts of one running server share. Made in `server.ts` only. */
export interface Service {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly lists: DeviceLists;
  readonly bus: Bus;
  readonly journal: Journal;
  readonly files: FileService;
  readonly presence: Presence;
  readonly desk: RequestDesk;
  readonly passwords: Passwords;
  readonly work: WorkGate;
  readonly limiter: Limiter;
  readonly nonces: Nonces;
  readonly lastSeen: LastSeen;
  readonly origins: Origins;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** True from the moment the server begins to close. */
  readonly closing: () => boolean;
}
