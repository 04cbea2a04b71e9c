import type { MessageHeader } from '@sotto/protocol';
import type { Claim } from './envelope.ts';

/** Signature after the payload. */
const SIGNATURE = 64;
/** `MessageHeaderCodec` and `MessageEnvelopeCodec` take no more. */
const HEADER_LIMIT = 512;
/** AES-GCM's tag and one byte. */
const CIPHERTEXT_LEAST = 17;

const key = (name: string): Buffer => Buffer.concat([Buffer.from([0x60 + name.length]), Buffer.from(name)]);
/** Keys in the order of deterministic CBOR: shorter first, then by bytes. */
const START = Buffer.concat([
  Buffer.from([0xab]),
  key('v'),
  Buffer.from([1]),
  key('id'),
  Buffer.from([0x50]),
]);
const KIND = key('kind');
const LIST = key('list');
const ROOM = Buffer.concat([key('room'), Buffer.from([0x50])]);
const SALT = Buffer.concat([key('salt'), Buffer.from([0x50])]);
const SEEN = Buffer.concat([key('seen'), Buffer.from([0xa2]), key('chain'), Buffer.from([0x58, 0x20])]);
const POSITION = key('position');
const EPOCH = key('epoch');
const DEVICE = Buffer.concat([key('device'), Buffer.from([0x50])]);
const ACCOUNT = Buffer.concat([key('account'), Buffer.from([0x50])]);
const COUNTER = key('counter');

type Claims = Pick<MessageHeader, 'seen' | 'counter' | 'list'>;

/**
 * M2: reads the header of an envelope in the one form that honest clients write, and compares it with its frame as it
 * goes. Undefined for whatever deviates in any way: `checkEnvelope` then reads it by the schema and says what is wrong.
 * It takes nothing that the schema would refuse (a test compares them), at a twentieth of the work.
 */
export function readPlainEnvelope(body: Uint8Array, claim: Claim): Claims | undefined {
  const bytes = new Cursor(body);
  if (bytes.byte() !== 0x82) return undefined;
  const header = bytes.length(0x40);
  if (header === undefined || header > HEADER_LIMIT) return undefined;
  const end = bytes.at + header;
  const claims = readHeader(bytes, claim);
  if (!claims || bytes.at !== end) return undefined;
  const ciphertext = bytes.length(0x40);
  if (ciphertext === undefined || ciphertext < CIPHERTEXT_LEAST) return undefined;
  return bytes.at + ciphertext + SIGNATURE === body.length ? claims : undefined;
}

function readHeader(bytes: Cursor, claim: Claim): Claims | undefined {
  if (!bytes.skip(START)) return undefined;
  const id = bytes.id();
  if (claim.id !== undefined && id !== claim.id) return undefined;
  if (!bytes.skip(KIND) || !bytes.text(claim.kind)) return undefined;
  if (!bytes.skip(LIST)) return undefined;
  const list = bytes.length(0);
  if (!bytes.skip(ROOM) || bytes.id() !== claim.room) return undefined;
  if (!bytes.skip(SALT)) return undefined;
  bytes.at += 16;
  if (!bytes.skip(SEEN)) return undefined;
  const chain = bytes.take(32);
  if (!bytes.skip(POSITION)) return undefined;
  const position = bytes.length(0);
  if (!bytes.skip(EPOCH) || bytes.length(0) !== claim.epoch) return undefined;
  if (!bytes.skip(DEVICE) || bytes.id() !== claim.device) return undefined;
  if (!bytes.skip(ACCOUNT) || bytes.id() !== claim.account) return undefined;
  if (!bytes.skip(COUNTER)) return undefined;
  const counter = bytes.length(0);
  if (!list || !counter || position === undefined) return undefined;
  return { list, counter, seen: { position, chain } };
}

/** Reading beyond the end gives what no comparison takes. */
class Cursor {
  readonly #bytes: Buffer<ArrayBuffer>;
  at = 0;

  constructor(body: Uint8Array) {
    this.#bytes = Buffer.from(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength);
  }

  byte(): number {
    const value = this.#bytes[this.at] ?? -1;
    this.at += 1;
    return value;
  }

  skip(expected: Buffer): boolean {
    const { at } = this;
    for (let i = 0; i < expected.length; i += 1) if (this.#bytes[at + i] !== expected[i]) return false;
    this.at = at + expected.length;
    return true;
  }

  text(expected: string): boolean {
    if (this.byte() !== 0x60 + expected.length) return false;
    for (let i = 0; i < expected.length; i += 1) if (this.byte() !== expected.charCodeAt(i)) return false;
    return true;
  }

  id(): string {
    this.at += 16;
    return this.#bytes.toString('base64url', this.at - 16, this.at);
  }

  take(length: number): Uint8Array<ArrayBuffer> {
    this.at += length;
    return new Uint8Array(this.#bytes.subarray(this.at - length, this.at));
  }

  /** The number in an item's head of this major type, in its shortest form; up to 32 bits. */
  length(major: number): number | undefined {
    const head = this.byte() - major;
    if (head >= 0 && head < 24) return head;
    if (head === 24) return atLeast(this.byte(), 24);
    const size = head === 25 ? 2 : head === 26 ? 4 : 0;
    if (size === 0 || this.at + size > this.#bytes.length) return undefined;
    const value = this.#bytes.readUIntBE(this.at, size);
    this.at += size;
    return atLeast(value, size === 2 ? 0x100 : 0x1_0000);
  }
}

const atLeast = (value: number, least: number): number | undefined => (value < least ? undefined : value);
