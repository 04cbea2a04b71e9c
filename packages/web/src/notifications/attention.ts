import type { AccountId, RoomId } from '../app/types.ts';

/** Locks tell the tabs of a browser of each other, and end with the tab: what is held is true. */
const looking = (account: AccountId, room: RoomId | null) => `sotto/looking/${account}/${room ?? ''}`;

/** Milliseconds in which two tabs that heard of the same message agree on who tells of it. */
const CLAIMED = 10_000;

/** Says, until it is ended, that somebody looks at this account here. @returns ends it */
export function giveAttention(account: AccountId, room: RoomId | null): () => void {
  const end = new AbortController();
  const held = new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve()));
  navigator.locks
    .request(looking(account, room), { mode: 'shared', signal: end.signal }, () => held)
    .catch((error: unknown) => {
      if (!end.signal.aborted) throw error; // ended before it was given
    });
  return () => end.abort();
}

/** Whether anybody looks at the account in a tab of this browser, and at this conversation. */
export async function attention(
  account: AccountId,
  room: RoomId,
): Promise<{ readonly anywhere: boolean; readonly here: boolean }> {
  const { held = [] } = await navigator.locks.query();
  const names = held.map(({ name = '' }) => name);
  const prefix = looking(account, null);
  return {
    anywhere: names.some((name) => name.startsWith(prefix)),
    here: names.includes(looking(account, room)),
  };
}

/** True for one tab of those that ask about the same thing. */
export const claim = (account: AccountId, what: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    navigator.locks
      .request(`sotto/told/${account}/${what}`, { ifAvailable: true }, async (lock) => {
        resolve(lock !== null);
        if (lock) await new Promise((done) => setTimeout(done, CLAIMED));
      })
      .catch(reject);
  });
