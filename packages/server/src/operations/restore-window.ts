import { openStore } from '../store/open.ts';
import { OperationError } from './error.ts';

const HOUR = 3_600_000;
const GIB = 1_073_741_824;
/** Whoever needs longer opens it again: a door that is forgotten should close. */
const LONGEST = 30 * 24;
const LARGEST = 10_000;
/** GiB of the database that all who come back may fill, unless the operator says otherwise. */
const USUAL = 8;

export type WindowWish =
  | { readonly do: 'tell' }
  | { readonly do: 'open'; readonly hours: number; readonly gib: number }
  | { readonly do: 'close' };

/** `--hours N [--gib N]`, `--close`, or nothing to be told how it stands. @throws OperationError */
export function readWish(words: readonly string[]): WindowWish {
  const [what, hours, more, gib, ...rest] = words;
  if (words.length === 0) return { do: 'tell' };
  if (what === '--close' && words.length === 1) return { do: 'close' };
  const asked = {
    hours: wholeUpTo(LONGEST, hours),
    gib: more === undefined ? USUAL : more === '--gib' ? wholeUpTo(LARGEST, gib) : null,
  };
  if (what === '--hours' && asked.hours !== null && asked.gib !== null && rest.length === 0) {
    return { do: 'open', hours: asked.hours, gib: asked.gib };
  }
  throw new OperationError(
    `Say --hours N, from 1 to ${LONGEST}, and --gib N for more or less than ${USUAL}; or --close; or nothing, to be told.`,
  );
}

function wholeUpTo(most: number, text = ''): number | null {
  const value = Number(text);
  return /^\d{1,5}$/.test(text) && value >= 1 && value <= most ? value : null;
}

/**
 * Attack 46: opens and closes the window in which people may come back from their backups; also while the server runs.
 * @returns until when it is open now; null where it is not
 * @throws StoreError where there is no store
 */
export async function restoreWindow(
  folder: string,
  wish: WindowWish,
  now = Date.now(),
): Promise<Date | null> {
  const store = await openStore({ dataDir: folder }, { existing: true });
  try {
    const { restores } = store;
    if (wish.do === 'open') {
      await restores.setWindow({ until: now + wish.hours * HOUR, bytes: wish.gib * GIB });
    }
    if (wish.do === 'close') await restores.setWindow(null);
    const window = await restores.window(now);
    return window ? new Date(window.until) : null;
  } finally {
    await store.close();
  }
}
