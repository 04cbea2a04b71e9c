/** Failed starts in a row after which the page asks before it opens the account once more. */
const ENOUGH = 2;
const FAILED = 'sotto.failed-starts';
const STARTING = 'sotto.starting';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** How the starts of this page went: what breaks it at every start must not lock anybody out (attack 41). */
export interface StartRecord {
  /** The last two starts failed: this one is to be a safe one. */
  readonly safe: boolean;
  /** The account is open and shown. */
  succeeded(): void;
  /** The page broke. @param times as many as it takes for the next start to be a safe one, or just this one */
  failed(times?: number): void;
}

/**
 * @param kept for all tabs: how many starts failed
 * @param tab of this tab: says of a start that never came to its end, because the page hung or was ended by the browser
 * @param onLeave tells when the page is left in good order
 */
export function recordStart(kept: Store, tab: Store, onLeave: (listener: () => void) => void): StartRecord {
  let failures = Number(kept.getItem(FAILED)) || 0;
  const note = (count: number) => {
    failures = count;
    tab.removeItem(STARTING);
    if (count === 0) kept.removeItem(FAILED);
    else kept.setItem(FAILED, String(count));
  };
  if (tab.getItem(STARTING) !== null) note(failures + 1);
  tab.setItem(STARTING, '1');
  onLeave(() => tab.removeItem(STARTING));
  return {
    safe: failures >= ENOUGH,
    succeeded: () => note(0),
    failed: (times = 1) => note(failures + times),
  };
}

/** The next start is a safe one. */
export const startSafely = (record: StartRecord): void => record.failed(ENOUGH);
