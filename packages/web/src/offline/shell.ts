/** What a build consists of, written into the service worker when it is built. */
export interface Shell {
  /** Hash over all of it: the name of its cache. */
  readonly version: string;
  /** SHA-256 of the page in hexadecimal: it is fetched by a name that every build shares. */
  readonly page: string;
  /** Paths of everything the page needs, itself not among them. */
  readonly files: readonly string[];
}

const PREFIX = 'sotto-shell-';
/** Carry no hash in their names and change with no build: icons and the manifest. */
const PLAIN = /^\/[^/]+\.(?:svg|png|webmanifest)$/;

export const cacheOf = (shell: Shell): string => `${PREFIX}${shell.version}`;

/** Caches that another build left behind. */
export const outdated = (names: readonly string[], shell: Shell): string[] =>
  names.filter((name) => name.startsWith(PREFIX) && name !== cacheOf(shell));

/** Whether a file has the same content under this name in every build that has it. */
export const isPlain = (path: string): boolean => PLAIN.test(path);

export type Answer = 'page' | 'file' | 'network';

/** How a request is answered: the page when it is asked for, its files, and nothing else, never the API. */
export function answerTo(
  request: { readonly method: string; readonly mode: string; readonly url: string },
  origin: string,
  shell: Shell,
): Answer {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin || url.pathname.startsWith('/api')) return 'network';
  if (request.mode === 'navigate') return /\.[^/]+$/.test(url.pathname) ? 'network' : 'page';
  return shell.files.includes(url.pathname) ? 'file' : 'network';
}

/** A page may bring the new worker forward where it is of the same build and no other page is open. */
export const mayTakeOver = (message: unknown, pages: number, shell: Shell): boolean =>
  typeof message === 'object' &&
  message !== null &&
  'type' in message &&
  message.type === 'page' &&
  'build' in message &&
  typeof message.build === 'string' &&
  pages <= 1 &&
  shell.files.includes(new URL(message.build, 'https://sotto.invalid').pathname);
