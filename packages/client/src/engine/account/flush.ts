import type { Clock } from '../../seams/index.ts';
import type { Archive } from '../rooms/archive.ts';
import type { AccountUpkeep } from './upkeep.ts';

/** How long closing waits for the server. */
const PATIENCE = 2_000;

/** What waits to follow the account to its other devices goes out now, within reason. */
export async function flushAccount(parts: {
  readonly upkeep: AccountUpkeep;
  readonly archive: Archive;
  readonly clock: Clock;
  background(work: Promise<unknown>): void;
}): Promise<void> {
  const pending = Promise.all([parts.upkeep.flush(), parts.archive.flush()]);
  parts.background(pending);
  let cancel: () => void = () => undefined;
  const patience = new Promise<void>((resolve) => {
    cancel = parts.clock.after(PATIENCE, resolve);
  });
  await Promise.race([pending.catch(() => undefined), patience]); // told by `background`; tried again next time
  cancel();
}
