/** Time, as a seam so that tests drive it. */
export interface Clock {
  /** Milliseconds since 1970 on this device. */
  now(): number;
  /** @returns cancel */
  after(milliseconds: number, run: () => void): () => void;
}

/** Mutual exclusion across everything that shares the account's storage: tabs, or one process. */
export interface Locks {
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Tells the other tabs of the account that stored rows changed; they read them again. */
export interface Siblings {
  announce(change: SiblingChange): void;
  /** @returns unsubscribe */
  onChange(listener: (change: SiblingChange) => void): () => void;
  close(): void;
}

export type SiblingChange =
  | { readonly type: 'room'; readonly room: string }
  | { readonly type: 'outbox'; readonly room: string }
  | { readonly type: 'people' }
  /** M6: holds, kept files, what is to be deleted. */
  | { readonly type: 'files' }
  | { readonly type: 'erased' };

/** OPAQUE (RFC 9807), client side. The browser runs it in a dedicated worker, Node in process. */
export interface PasswordProtocol {
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
