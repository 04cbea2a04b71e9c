import type { ChunkDigests } from '@sotto/crypto';
import type { Clock, Locks, PasswordProtocol, Tabs } from './environment.ts';
import type { FileTransport } from './file-transport.ts';
import type { StorageHost } from './storage.ts';
import type { Transport } from './transport.ts';

/** Everything the engine needs from where it runs; only composition roots make one. */
export interface Platform {
  readonly transport: Transport;
  readonly fileTransport: FileTransport;
  readonly host: StorageHost;
  readonly clock: Clock;
  readonly passwords: PasswordProtocol;
  /** How a device made here is called at first, among the account's devices. */
  readonly device: { readonly name: string; readonly kind: 'browser' | 'terminal' };
  /** M6: sealed bytes of files that may be kept here beside what waits to be sent. */
  readonly fileCache: number;
  /** M6: where sealed chunks are hashed; on the engine's own thread where it is left out. */
  readonly digests?: ChunkDigests;
  locks(account: string): Locks;
  tabs(account: string): Tabs;
}
