import { type AccountId, LIMITS, type LogPage, type RoomId, toBase64Url } from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import { accessOf } from '../rooms/access.ts';
import type { Store } from '../store/store.ts';
import { asLogEntry } from './entry.ts';

export interface PageRequest {
  readonly room: RoomId;
  readonly account: AccountId;
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
}

/** A page of the log, ascending, with the chain hash before its first entry (D1). */
export async function readPage(store: Store, request: PageRequest): Promise<LogPage> {
  const { room, account, after, before } = request;
  if ((after === undefined) === (before === undefined)) {
    throw new Refused('malformed', 'A log page takes either after or before.');
  }
  const access = await accessOf(store, room, account);
  const within = (position: number) => Math.min(Math.max(position, access.from), access.to);
  const range =
    after === undefined
      ? {
          from: access.from,
          to: Math.min(access.to, Math.max(0, (before ?? 1) - 1)),
          take: 'newest' as const,
        }
      : { from: within(after), to: access.to, take: 'oldest' as const };
  const entries = await store.log.page({ room, ...range, limit: request.limit, maxBytes: LIMITS.pageBytes });
  const first = entries[0];
  const start = first ? first.position - 1 : within(after ?? (before ?? 1) - 1);
  const chain = await store.log.chainAt(room, start);
  if (!chain) throw new Error('the log has no chain hash where it has an entry');
  return { entries: entries.map((entry) => asLogEntry(entry)), chain: toBase64Url(chain), head: access.to };
}
