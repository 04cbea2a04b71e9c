import { VerificationError } from '@sotto/crypto';
import { ClientError } from '../error.ts';
import { type Clock, StorageError } from '../seams/index.ts';
import type { Notices } from './notices.ts';
import { alarmFrom } from './rooms/context.ts';

/** Lets work go on by itself. What fails for want of the server heals at the next connection. */
export function inBackground(
  work: Promise<unknown>,
  { clock, notices, closed }: { readonly clock: Clock; readonly notices: Notices; closed(): boolean },
): void {
  work.catch((error: unknown) => {
    if (closed()) return; // the store is closed under whatever was still going on
    if (error instanceof VerificationError) {
      notices.alarm(alarmFrom(error, clock.now(), null), null);
    } else if (error instanceof StorageError) {
      notices.storage(error);
    } else if (!(error instanceof ClientError)) {
      queueMicrotask(() => {
        throw error; // a bug of ours: it must surface
      });
    }
  });
}
