import { type Bytes, toBase64Url, utf8 } from './bytes.ts';

/** A CBOR key of less than 24 characters. */
const keyOf = (name: string): Bytes => {
  const text = utf8(name);
  return new Uint8Array([0x60 + text.length, ...text]);
};

/** The fixed bytes between two values: heads as numbers, keys as text. */
export const literal = (...parts: readonly (number | string)[]): Bytes =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...keyOf(part)])));

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Major types of CBOR, as they stand in an item's head. */
export const UINT = 0;
export const BYTES = 0x40;
export const TEXT = 0x60;

/**
 * Reads bytes of one fixed form in one pass. Every step answers undefined or false for what is not exactly that form, also
 * beyond the end.
 */
export class PlainReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes as Bytes; // never shared memory: what arrives in frames and bodies
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  skip(expected: Bytes): boolean {
    const at = this.#at;
    for (let i = 0; i < expected.length; i += 1) if (this.#bytes[at + i] !== expected[i]) return false;
    this.#at = at + expected.length;
    return true;
  }

  /** The number in an item's head of this major type, in its shortest form; up to 32 bits. */
  head(major: number): number | undefined {
    const info = this.#byte() - major;
    if (info >= 0 && info < 24) return info;
    const size = info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : 0;
    if (size === 0) return undefined;
    let value = 0;
    for (let i = 0; i < size; i += 1) value = value * 256 + this.#byte();
    const least = size === 1 ? 24 : size === 2 ? 0x100 : 0x1_0000;
    return value >= least ? value : undefined; // a missing byte made it NaN
  }

  /** A view of what follows. */
  take(length: number): Bytes | undefined {
    const start = this.#at;
    if (start + length > this.#bytes.length) return undefined;
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** 16 bytes as an id. */
  id(): string | undefined {
    const bytes = this.take(16);
    return bytes && toBase64Url(bytes);
  }

  /** Text of the length in its head; undefined also where it is not UTF-8, or begins with a mark of its byte order. */
  text(): string | undefined {
    const length = this.head(TEXT);
    const bytes = length === undefined ? undefined : this.take(length);
    if (!bytes || bytes[0] === 0xef) return undefined;
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined; // the library says what is wrong with it
    }
  }

  #byte(): number {
    const value = this.#bytes[this.#at];
    this.#at += 1;
    return value ?? Number.NaN;
  }
}

/** Writes bytes of one fixed form. Numbers have at most 32 bits. */
export class PlainWriter {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(most: number) {
    this.#bytes = new Uint8Array(most);
  }

  put(bytes: Uint8Array): this {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  head(major: number, value: number): this {
    const size = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x1_0000 ? 2 : 4;
    this.#byte(major + (size === 0 ? value : size === 1 ? 24 : size === 2 ? 25 : 26));
    for (let shift = size - 1; shift >= 0; shift -= 1) this.#byte(Math.floor(value / 256 ** shift) % 256);
    return this;
  }

  /** What was written. */
  done(): Bytes {
    return this.#bytes.subarray(0, this.#at);
  }

  #byte(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }
}
