import type { ByteRange } from './blobs.ts';

/**
 * A single byte range (RFC 9110, section 14.1.2) of `size` bytes. Undefined where there is none that has to be looked at: then
 * the whole is served. 'unsatisfiable' where no byte of it exists.
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const tail = Math.min(Number(last), size);
    return tail === 0 ? 'unsatisfiable' : { start: size - tail, end: size - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined; // not a range at all
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
