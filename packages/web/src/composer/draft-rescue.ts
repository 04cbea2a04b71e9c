import type { Draft, Engine } from '@sotto/client';
import type { AccountId, RoomId } from '../app/types.ts';

/**
 * The engine stores a draft after a short pause, and a page that is closed has no time to wait for it. The newest
 * draft therefore also rests in the tab's own session storage, which is written at once, until the engine has it.
 */
const PREFIX = 'sotto.draft.';

const keyOf = (account: AccountId, room: RoomId): string => `${PREFIX}${account}.${room}`;

export type KeptDrafts = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export function rescueDraft(
  place: { account: AccountId; room: RoomId },
  draft: Draft,
  store: KeptDrafts = sessionStorage,
): void {
  try {
    store.setItem(keyOf(place.account, place.room), JSON.stringify(draft));
  } catch {
    // Full: the engine stores it in a moment all the same.
  }
}

/** The engine has this draft; anything newer stays. */
export function draftStored(
  place: { account: AccountId; room: RoomId },
  draft: Draft,
  store: KeptDrafts = sessionStorage,
): void {
  const key = keyOf(place.account, place.room);
  if (store.getItem(key) === JSON.stringify(draft)) store.removeItem(key);
}

/** Hands what the last page of this tab could not store to the engine. */
export async function restoreDrafts(
  engine: Pick<Engine, 'id' | 'state'> & { readonly messages: Pick<Engine['messages'], 'setDraft'> },
  store: KeptDrafts = sessionStorage,
): Promise<void> {
  const prefix = `${PREFIX}${engine.id}.`;
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index));
  for (const key of keys) {
    if (!key?.startsWith(prefix)) continue;
    const room = key.slice(prefix.length) as RoomId;
    const draft = store.getItem(key);
    if (draft !== null && engine.state.rooms.has(room))
      await engine.messages.setDraft(room, JSON.parse(draft));
    store.removeItem(key);
  }
}
