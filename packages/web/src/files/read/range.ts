/** Bytes `from` … `to` (exclusive) of a file. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

const SINGLE = /^bytes=(\d*)-(\d*)$/;

/**
 * What a `Range` header asks of `size` bytes (RFC 9110, section 14). Anything but one range of bytes is answered with the
 * whole, as the standard allows.
 * @returns `whole` without a usable header, `none` where the range lies outside
 */
export function parseRange(header: string | null, size: number): ByteRange | 'whole' | 'none' {
  const found = header === null ? null : SINGLE.exec(header.replaceAll(' ', ''));
  if (!found) return 'whole';
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const tail = Number(last);
    return tail === 0 || size === 0 ? 'none' : { from: Math.max(0, size - tail), to: size };
  }
  const from = Number(first);
  const to = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < from) return 'whole';
  return from >= size ? 'none' : { from, to };
}
