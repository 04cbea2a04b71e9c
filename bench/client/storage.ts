/** Storing a page of history in IndexedDB as the engine does, against bare IndexedDB. */
import { newProfile, randomBytes, randomId, startRoom } from '@sotto/crypto';
import {
  type AccountId,
  type DeviceId,
  LIMITS,
  type MessageId,
  type RoomId,
  roomFrom,
} from '@sotto/protocol';
import { IndexedDbStorage } from '../../packages/client/src/browser/indexed-db-storage.ts';
import { Bus } from '../../packages/client/src/engine/bus.ts';
import { LazyWrites } from '../../packages/client/src/engine/lazy-writes.ts';
import { RoomRows } from '../../packages/client/src/engine/rooms/room-rows.ts';
import type { EntryRow, RoomRow } from '../../packages/client/src/engine/rows.ts';
import { NO_DRAFT } from '../../packages/client/src/message-body.ts';
import { systemClock } from '../../packages/client/src/system-clock.ts';
import { type Cost, type Effort, flow, measureTrials } from './cost.ts';

const TARGET = 0.6;
const PAGE = LIMITS.page;

function entriesFrom(position: number, size: number): EntryRow[] {
  const account = randomId<AccountId>();
  const device = randomId<DeviceId>();
  return Array.from({ length: size }, (_, index) => ({
    position: position + index,
    time: Date.now(),
    kind: 'message',
    account,
    device,
    id: randomId<MessageId>(),
    chain: randomBytes(32),
    what: { type: 'message', epoch: 1, content: { kind: 'text', body: 'x'.repeat(300) } },
  }));
}

async function roomRow(room: RoomId): Promise<RoomRow> {
  const state = await startRoom(room);
  const start = { position: 0, chain: state.chain };
  return {
    ...{
      room,
      state,
      start,
      earliest: 0,
      admitted: { by: randomId<AccountId>(), header: state.chain },
      oldest: start,
      profile: newProfile({ name: 'Bench', topic: '' }),
      unsaid: false,
      standing: 'member',
    },
    ...{ read: 0, unread: 0, mentions: 0, last: null, muted: false, draft: NO_DRAFT, counter: 0 },
    ...{ unconfirmed: null, alarm: null, lines: [] },
  };
}

/** A database of one store, used without any layer. */
function openBare(): Promise<IDBDatabase> {
  const opening = indexedDB.open('bare', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('entries');
  return new Promise((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

function putBare(database: IDBDatabase, room: RoomId, entries: readonly EntryRow[]): Promise<void> {
  const transaction = database.transaction('entries', 'readwrite', { durability: 'strict' });
  const store = transaction.objectStore('entries');
  for (const entry of entries) store.put(entry, [room, entry.position]);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

export async function benchStorage(effort: Effort): Promise<Cost[]> {
  const storage = await IndexedDbStorage.open('sotto-bench');
  const bare = await openBare();
  try {
    const room = roomFrom('group', randomBytes(32));
    const lazy = new LazyWrites(storage, systemClock(), () => undefined);
    const rows = new RoomRows(storage, lazy, new Bus(() => undefined));
    const row = await roomRow(room);
    let next = 1;
    const page = () => {
      next += PAGE;
      return entriesFrom(next - PAGE, PAGE);
    };
    const pages = 4;
    return await measureTrials(
      [
        {
          name: `store a message, ${PAGE} at a time`,
          ours: () => flow(pages, 1, () => rows.commit(room, { entries: page(), headers: [] }, () => row)),
          raw: () => flow(pages, 1, () => putBare(bare, room, page())),
          ...{ count: pages * PAGE, of: 'IndexedDB', target: TARGET },
        },
      ],
      effort,
    );
  } finally {
    await storage.close();
    bare.close();
  }
}
