export interface StoreOptions {
  /** Hears what fails beside any call. */
  readonly onError?: (error: unknown) => void;
  /** Only one that is there already; else a new one is made. */
  readonly existing?: boolean;
  /** For a server, which has its store to itself; operations beside it do without. */
  readonly alone?: boolean;
}
