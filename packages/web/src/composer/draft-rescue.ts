import type { Engine } from '@sotto/client';
import type { AccountId, RoomId } from '../app/types.ts';

/**
 * The engine stores a draft after a short pause, and a page that is closed has no time to wait for it. The newest
 * text therefore also rests in the tab's own session storage, which is written at once, until the engine has it.
 */
const PREFIX = 'sotto.draft.';

const keyOf = (account: AccountId, room: RoomId): string => `${PREFIX}${account}.${room}`;

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export function rescueDraft(
  place: { account: AccountId; room: RoomId },
  text: string,
  store: Store = sessionStorage,
): void {
  try {
    store.setItem(keyOf(place.account, place.room), text);
  } catch {
    // Full: the engine stores it in a moment all the same.
  }
}

/** The engine has this text; anything newer stays. */
export function draftStored(
  place: { account: AccountId; room: RoomId },
  text: string,
  store: Store = sessionStorage,
): void {
  const key = keyOf(place.account, place.room);
  if (store.getItem(key) === text) store.removeItem(key);
}

/** Hands what the last page of this tab could not store to the engine. */
export async function restoreDrafts(
  engine: Pick<Engine, 'account' | 'state' | 'setDraft'>,
  store: Store = sessionStorage,
): Promise<void> {
  const prefix = `${PREFIX}${engine.account}.`;
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index));
  for (const key of keys) {
    if (!key?.startsWith(prefix)) continue;
    const room = key.slice(prefix.length) as RoomId;
    const text = store.getItem(key);
    if (text !== null && engine.state.rooms.has(room)) await engine.setDraft(room, text);
    store.removeItem(key);
  }
}
