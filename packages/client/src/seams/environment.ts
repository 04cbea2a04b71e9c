import type { Work } from '@sotto/protocol';

/** Time and the chance in it, as a seam so that tests drive it and a run can be played again. */
export interface Clock {
  /** Milliseconds since 1970 on this device. */
  now(): number;
  /** @returns cancel */
  after(milliseconds: number, run: () => void): () => void;
  /** At least 0 and less than 1: whoever waits for the same does not act at the same moment. */
  jitter(): number;
}

/** Mutual exclusion across everything that shares the account's storage: tabs, or one process. */
export interface Locks {
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Tells the other tabs of the account that stored rows changed; they read them again. */
export interface Tabs {
  announce(change: TabChange): void;
  /** @returns unsubscribe */
  onChange(listener: (change: TabChange) => void): () => void;
  close(): void;
}

export type TabChange =
  | { readonly type: 'room'; readonly room: string }
  | { readonly type: 'outbox'; readonly room: string }
  | { readonly type: 'people' }
  /** M6: holds, kept files, what is to be deleted. */
  | { readonly type: 'files' }
  | { readonly type: 'erased' };

/** OPAQUE (RFC 9807), client side. The browser runs it in a dedicated worker, Node in process. */
export interface PasswordProtocol {
  /** The work that the server asks for before it takes the `request` (attack 51). @returns the nonce */
  work(input: { work: Work; request: string }): Promise<string>;
  startRegistration(password: string): Promise<{ state: string; request: string }>;
  finishRegistration(input: {
    password: string;
    state: string;
    response: string;
  }): Promise<{ record: string; exportKey: string }>;
  startLogin(password: string): Promise<{ state: string; request: string }>;
  /** @returns null where the password is wrong */
  finishLogin(input: {
    password: string;
    state: string;
    response: string;
  }): Promise<{ finish: string; exportKey: string } | null>;
}
