/** Byte helpers shared by both ends of the wire. No crypto, no I/O. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** Joins byte strings in order. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Unsigned 64-bit big-endian integer. @throws RangeError outside 0 … 2^53-1 */
export function u64(value: number): Bytes {
  const out = new Uint8Array(8);
  putU64(out, 0, value);
  return out;
}

/** As `u64`, into bytes that are there. */
export function putU64(out: Uint8Array, at: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`u64: expected a safe non-negative integer, got ${value}`);
  }
  const high = Math.floor(value / 2 ** 32);
  for (let i = 0; i < 4; i++) {
    out[at + i] = high >>> (24 - 8 * i);
    out[at + 4 + i] = value >>> (24 - 8 * i); // the lower 32 bits
  }
}

/** Unsigned 32-bit big-endian integer. @throws RangeError outside 0 … 2^32-1 */
export function u32(value: number): Bytes {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new RangeError(`u32: expected an integer from 0 to 4294967295, got ${value}`);
  }
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

/** Equality of public byte strings (not constant time: never for secrets). */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Byte-wise lexicographic order, for sorting ids the same way everywhere. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}

/**
 * Strict base64url without padding: one text per byte string, so that ids compare as text.
 * @returns undefined where the text is not the one canonical encoding
 */
export function fromBase64Url(text: string): Bytes | undefined {
  const rest = text.length % 4;
  if (rest === 1) return undefined;
  try {
    const bytes = Uint8Array.fromBase64(rest === 0 ? text : `${text}${'='.repeat(4 - rest)}`, {
      alphabet: 'base64url',
      lastChunkHandling: 'strict', // refuses stray bits in the last character
    });
    // Blanks and padding of the text's own are skipped by the decoder, and then there are fewer bytes than characters for them.
    return bytes.length === Math.floor((text.length * 3) / 4) ? bytes : undefined;
  } catch {
    // Another character, or a non-zero tail: the caller's "not canonical" answer.
    return undefined;
  }
}

/**
 * Gives memory back at once that nobody reads any more: the collector lets tens of MiB of a stream pile up first. Bytes that
 * are part of something larger are left to it.
 */
export function release(bytes: Uint8Array): void {
  const { buffer } = bytes;
  // Not before Safari 17.4. What was handed to another thread is gone already.
  if (
    bytes.length > 0 &&
    buffer instanceof ArrayBuffer &&
    buffer.byteLength === bytes.byteLength &&
    'transfer' in buffer
  ) {
    buffer.transfer(0);
  }
}
