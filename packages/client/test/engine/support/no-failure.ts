import { expect } from 'vitest';

/** For work in the background that is to succeed. */
export const noFailure = (work: Promise<unknown>): void =>
  void work.catch((error: unknown) => expect.unreachable(String(error)));
