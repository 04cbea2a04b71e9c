/** Something observable: a snapshot and its changes. Listeners run after the snapshot was replaced. */
export interface Observable<T> {
  readonly state: T;
  /** @returns unsubscribe */
  subscribe(listener: () => void): () => void;
}
