/**
 * How the service worker asks a page for the bytes of a file, so that players can seek in it and the browser can save it
 * without any of it resting in memory. The worker holds no key and knows no file; the page that made a token answers.
 */
export const FILE_PATH = /^\/files\/(stream|text|save)\/([A-Za-z0-9_-]{22})$/;

/** `stream`: into a player; `text`: into a sandboxed frame; `save`: to disk. */
export type FilePurpose = 'stream' | 'text' | 'save';

/** Worker to page, with a port for everything that follows. */
export interface FileQuestion {
  readonly type: 'file';
  readonly purpose: FilePurpose;
  readonly token: string;
}

/** Page to worker, instead of a head: the token is not of this page, or was revoked. */
export interface FileUnknown {
  readonly unknown: true;
}

/** Page to worker, first: what the token stands for. */
export interface FileHead {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** Worker to page: the range, once; then one `more` for every piece. Closing the port ends it. */
export type FileDemand =
  | { readonly want: 'range'; readonly from: number; readonly to: number }
  | { readonly want: 'more' }
  | { readonly want: 'nothing' };

/** Page to worker, one for each `more`. */
export type FilePiece =
  | { readonly piece: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly piece: 'end' }
  /** The file did not verify, or cannot be had now: the answer breaks off, it does not end. */
  | { readonly piece: 'broken' };

const has = <K extends string>(value: unknown, key: K): value is Record<K, unknown> =>
  typeof value === 'object' && value !== null && key in value;

export const isQuestion = (data: unknown): data is FileQuestion => has(data, 'type') && data.type === 'file';
export const isDemand = (data: unknown): data is FileDemand => has(data, 'want');
export const isPiece = (data: unknown): data is FilePiece => has(data, 'piece');
export const isUnknown = (data: unknown): data is FileUnknown => has(data, 'unknown');
export const isHead = (data: unknown): data is FileHead =>
  has(data, 'size') && has(data, 'type') && has(data, 'name');
