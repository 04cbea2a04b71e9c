import type { Clock } from '../../seams/index.ts';
import type { Archive } from '../rooms/keys/archive.ts';
import type { Receipts } from '../rooms/receipts/receipts.ts';
import type { AccountUpkeep } from './upkeep.ts';

/** How long closing waits for the server. */
const PATIENCE = 2_000;

/** What waits to follow the account to its other devices, and to tell others what was read, goes out now, within reason. */
export async function flushAccount(parts: {
  readonly upkeep: AccountUpkeep;
  readonly archive: Archive;
  readonly receipts: Receipts;
  readonly clock: Clock;
  background(work: Promise<unknown>): void;
}): Promise<void> {
  const pending = Promise.all([parts.upkeep.flush(), parts.archive.flush(), parts.receipts.flush()]);
  parts.background(pending);
  let cancel: () => void = () => undefined;
  const backoff = new Promise<void>((resolve) => {
    cancel = parts.clock.after(PATIENCE, resolve);
  });
  await Promise.race([pending.catch(() => undefined), backoff]); // told by `background`; tried again next time
  cancel();
}
