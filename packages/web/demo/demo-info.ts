import type { Sotto } from '@sotto/client';

type Info = Awaited<ReturnType<Sotto['info']>>;

/** What the demo's server says of itself. */
export const demoInfo = (change: Partial<Info> = {}): Info => ({
  name: 'Demo',
  version: '0',
  suite: 1,
  time: Date.now(),
  registration: 'open',
  directory: 'all',
  fileLimit: 5_368_709_120,
  ...change,
});
