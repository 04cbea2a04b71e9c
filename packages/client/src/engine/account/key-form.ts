import type { Platform } from '../../seams/index.ts';

/** How private keys rest: opaque handles where the store can keep them (attack 32), else bytes. */
export type KeyForm = 'opaque' | 'bytes';

export const keyFormOf = (platform: Platform): KeyForm =>
  platform.host.keepsKeysOpaque ? 'opaque' : 'bytes';
