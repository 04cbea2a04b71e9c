/**
 * What the page and the frame that draws a PDF say to each other, over one port. The frame runs a large parser on hostile
 * bytes (attack 31): the page takes it for hostile as well, reads each message into a value of its own, and gives out the
 * bytes of one file and a few files of the build, nothing else.
 */
export const FRAME_ADDRESS = '/pdf/frame.html';
/** Raised whenever page and frame would no longer understand each other: a kept page may meet a newer frame. */
export const PROTOCOL = 2;

/** Bytes of one answer; also the size of what is verified at once (M6), so that nothing is opened twice. */
export const PIECE = 1 << 20;
/** Questions a frame may leave unanswered at a time. */
export const MOST_ASKED = 8;
/** Larger files are for a program on the device: a viewer reserves as much memory as the file is long. */
export const MOST_BYTES = 512 * 1024 * 1024;
/** Pages of one file that are laid out. */
export const MOST_PAGES = 5_000;

/** What a PDF may need and does not carry: tables of characters, the fonts that every reader has, decoders of pictures. */
const RESOURCE =
  /^(?:cmaps\/[A-Za-z0-9-]{1,40}\.bcmap|fonts\/(?:Foxit|Liberation)[A-Za-z-]{1,24}\.(?:pfb|ttf)|wasm\/(?:jbig2|openjpeg)\.wasm)$/;

/** Whether the build has such a file for frames; the frame asks itself first, so that an odd PDF does not end it. */
export const isResource = (path: string): boolean => RESOURCE.test(path);

/** Page to frame, once, with the port. */
export interface Opening {
  readonly open: typeof PROTOCOL;
  readonly size: number;
  readonly dark: boolean;
  readonly labels: Labels;
}

/** What the frame says, in the reader's language; `page` has `{page}` and `{of}` where the numbers go. */
export interface Labels {
  readonly lang: string;
  readonly pages: string;
  readonly page: string;
  readonly undrawn: string;
}

const ZOOMS = ['in', 'out', 'fit', 'reset'] as const;
export type ZoomStep = (typeof ZOOMS)[number];
const MOVES = ['next', 'previous', 'first', 'last', 'down', 'up'] as const;
export type MoveStep = (typeof MOVES)[number];

/** Page to frame, through the port. `null` for bytes: they cannot be had, and the page says why. */
export type ToFrame =
  | { readonly give: 'bytes'; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> | null }
  | { readonly give: 'zoom'; readonly step: ZoomStep }
  | { readonly give: 'move'; readonly step: MoveStep }
  | { readonly give: 'theme'; readonly dark: boolean };

const FAILURES = ['password', 'damaged'] as const;
export type Failure = (typeof FAILURES)[number];

/** Frame to page. */
export type FromFrame =
  | { readonly say: 'hello'; readonly protocol: number }
  | { readonly say: 'bytes'; readonly id: number; readonly from: number; readonly to: number }
  | { readonly say: 'resource'; readonly id: number; readonly path: string }
  | { readonly say: 'ready'; readonly pages: number; readonly more: boolean }
  | { readonly say: 'at'; readonly page: number; readonly percent: number }
  | { readonly say: 'failed'; readonly why: Failure }
  | { readonly say: 'close' };

const isCount = (value: unknown, least: number, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const oneOf = <T extends string>(list: readonly T[], value: unknown): T | null =>
  list.find((one) => one === value) ?? null;

/**
 * A message of the frame as a value of ours.
 * @param size bytes of the file: nothing outside of it can be asked for
 * @returns null for anything that is not exactly one of them
 */
export function fromFrame(data: unknown, size: number): FromFrame | null {
  if (typeof data !== 'object' || data === null) return null;
  const told = data as Readonly<Record<string, unknown>>;
  const { id, from, to, path, pages, page, percent } = told;
  switch (told.say) {
    case 'hello':
      return isCount(told.protocol, 0, 1_000) ? { say: 'hello', protocol: told.protocol } : null;
    case 'bytes':
      return isCount(id, 0, Number.MAX_SAFE_INTEGER) &&
        isCount(from, 0, size) &&
        isCount(to, from + 1, Math.min(size, from + PIECE))
        ? { say: 'bytes', id, from, to }
        : null;
    case 'resource':
      return isCount(id, 0, Number.MAX_SAFE_INTEGER) && typeof path === 'string' && isResource(path)
        ? { say: 'resource', id, path }
        : null;
    case 'ready':
      return isCount(pages, 1, MOST_PAGES) ? { say: 'ready', pages, more: told.more === true } : null;
    case 'at':
      return isCount(page, 1, MOST_PAGES) && isCount(percent, 1, 10_000)
        ? { say: 'at', page, percent }
        : null;
    case 'failed': {
      const why = oneOf(FAILURES, told.why);
      return why === null ? null : { say: 'failed', why };
    }
    case 'close':
      return { say: 'close' };
    default:
      return null;
  }
}

/** A message of the page as the frame takes it; null for anything else. */
export function toFrame(data: unknown): ToFrame | null {
  if (typeof data !== 'object' || data === null) return null;
  const told = data as Readonly<Record<string, unknown>>;
  switch (told.give) {
    case 'bytes': {
      const { id, bytes } = told;
      if (!isCount(id, 0, Number.MAX_SAFE_INTEGER)) return null;
      if (bytes === null) return { give: 'bytes', id, bytes };
      return bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer
        ? { give: 'bytes', id, bytes: bytes as Uint8Array<ArrayBuffer> }
        : null;
    }
    case 'zoom': {
      const step = oneOf(ZOOMS, told.step);
      return step === null ? null : { give: 'zoom', step };
    }
    case 'move': {
      const step = oneOf(MOVES, told.step);
      return step === null ? null : { give: 'move', step };
    }
    case 'theme':
      return typeof told.dark === 'boolean' ? { give: 'theme', dark: told.dark } : null;
    default:
      return null;
  }
}

/** The first message of the page; null for anything else. */
export function openingOf(data: unknown): Opening | null {
  if (typeof data !== 'object' || data === null) return null;
  const { open, size, dark, labels } = data as Readonly<Record<string, unknown>>;
  return open === PROTOCOL && isCount(size, 0, MOST_BYTES) && typeof dark === 'boolean' && areLabels(labels)
    ? { open, size, dark, labels }
    : null;
}

function areLabels(value: unknown): value is Labels {
  if (typeof value !== 'object' || value === null) return false;
  const { lang, pages, page, undrawn } = value as Readonly<Record<string, unknown>>;
  return [lang, pages, page, undrawn].every((label) => typeof label === 'string');
}

/** What a key does to the pages, wherever the focus is: the keys of the picture viewer, and those that turn pages. */
const KEYS: Readonly<Record<string, Extract<ToFrame, { step: unknown }>>> = {
  '+': { give: 'zoom', step: 'in' },
  '=': { give: 'zoom', step: 'in' },
  '-': { give: 'zoom', step: 'out' },
  '0': { give: 'zoom', step: 'reset' },
  w: { give: 'zoom', step: 'fit' },
  ArrowRight: { give: 'move', step: 'next' },
  ArrowLeft: { give: 'move', step: 'previous' },
  PageDown: { give: 'move', step: 'next' },
  PageUp: { give: 'move', step: 'previous' },
  Home: { give: 'move', step: 'first' },
  End: { give: 'move', step: 'last' },
  ArrowDown: { give: 'move', step: 'down' },
  ArrowUp: { give: 'move', step: 'up' },
};

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export function stepOf(event: Key): Extract<ToFrame, { step: unknown }> | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return Object.hasOwn(KEYS, event.key) ? (KEYS[event.key] ?? null) : null;
}
