import type { Bytes } from './bytes.ts';
import { type AccountId, type DeviceId, idBytes, type MessageId, type RoomId } from './ids.ts';
import { LIMITS } from './limits.ts';
import {
  CIPHERTEXT_LEAST,
  type MessageEnvelope,
  type MessageHeader,
  type MessageKind,
} from './message-schema.ts';
import { BYTES, literal, PlainReader, PlainWriter, UINT } from './plain-form.ts';
import { SUITE } from './structure.ts';

/**
 * The one form in which a message's header and envelope are written, read and written directly: by the schemas and the CBOR
 * library it costs as much as verifying the signature. Whatever deviates in any way goes by those, which also say what is
 * wrong; tests compare the two ways.
 */
const START = literal(0xab, 'v', 1, 'id', 0x50);
const KIND = literal('kind');
const LIST = literal('list');
const ROOM = literal('room', 0x50);
const SALT = literal('salt', 0x50);
const SEEN = literal('seen', 0xa2, 'chain', 0x58, 0x20);
const POSITION = literal('position');
const EPOCH = literal('epoch');
const DEVICE = literal('device', 0x50);
const ACCOUNT = literal('account', 0x50);
const COUNTER = literal('counter');
const ENVELOPE = literal(0x82);
const KINDS: readonly (readonly [MessageKind, Bytes])[] = [
  ['log', literal('log')],
  ['signal', literal('signal')],
  ['receipt', literal('receipt')],
];

/** Beyond these, numbers go by the library. */
const MOST = 0xffff_ffff;

/** The envelope as views of the payload. */
export const plainEnvelope = { encode: writeEnvelope, decode: readEnvelope };

/** The header. */
export const plainHeader = { encode: writeHeader, decode: readHeader };

function readEnvelope(payload: Uint8Array): MessageEnvelope | undefined {
  if (payload.length > LIMITS.message) return undefined;
  const bytes = new PlainReader(payload);
  if (!bytes.skip(ENVELOPE)) return undefined;
  const length = bytes.head(BYTES);
  const header = length && length <= LIMITS.messageHeader ? bytes.take(length) : undefined;
  const rest = header && bytes.head(BYTES);
  if (!header || rest === undefined || rest < CIPHERTEXT_LEAST) return undefined;
  const ciphertext = bytes.take(rest);
  return ciphertext && bytes.ended ? { header, ciphertext } : undefined;
}

function readHeader(header: Uint8Array): MessageHeader | undefined {
  const bytes = new PlainReader(header);
  const id = bytes.skip(START) ? bytes.id() : undefined;
  const kind = bytes.skip(KIND) ? KINDS.find(([, text]) => bytes.skip(text))?.[0] : undefined;
  const list = bytes.skip(LIST) ? bytes.head(UINT) : undefined;
  const room = bytes.skip(ROOM) ? bytes.id() : undefined;
  const salt = bytes.skip(SALT) ? bytes.take(16) : undefined;
  const chain = bytes.skip(SEEN) ? bytes.take(32) : undefined;
  const position = bytes.skip(POSITION) ? bytes.head(UINT) : undefined;
  const epoch = bytes.skip(EPOCH) ? bytes.head(UINT) : undefined;
  const device = bytes.skip(DEVICE) ? bytes.id() : undefined;
  const account = bytes.skip(ACCOUNT) ? bytes.id() : undefined;
  const counter = bytes.skip(COUNTER) ? bytes.head(UINT) : undefined;
  // Epoch, list and counter are at least 1.
  if (!id || !kind || !list || !room || !salt || !chain || !epoch || !device || !account || !counter)
    return undefined;
  if (position === undefined || !bytes.ended) return undefined;
  return {
    v: 1,
    kind,
    room: room as RoomId,
    epoch,
    account: account as AccountId,
    device: device as DeviceId,
    id: id as MessageId,
    salt: salt.slice(),
    counter,
    list,
    seen: { position, chain: chain.slice() },
  };
}

/** Undefined for another suite, and where a number has more than 32 bits. */
function writeHeader(header: MessageHeader): Bytes | undefined {
  const { list, seen, epoch, counter } = header;
  if (list > MOST || seen.position > MOST || epoch > MOST || counter > MOST) return undefined;
  const kind = KINDS.find(([name]) => name === header.kind)?.[1];
  if (header.v !== SUITE || !kind || header.salt.length !== 16 || seen.chain.length !== 32) return undefined;
  return new PlainWriter(LIMITS.messageHeader)
    .put(START)
    .put(idBytes(header.id))
    .put(KIND)
    .put(kind)
    .put(LIST)
    .head(UINT, list)
    .put(ROOM)
    .put(idBytes(header.room))
    .put(SALT)
    .put(header.salt)
    .put(SEEN)
    .put(seen.chain)
    .put(POSITION)
    .head(UINT, seen.position)
    .put(EPOCH)
    .head(UINT, epoch)
    .put(DEVICE)
    .put(idBytes(header.device))
    .put(ACCOUNT)
    .put(idBytes(header.account))
    .put(COUNTER)
    .head(UINT, counter)
    .done();
}

function writeEnvelope({ header, ciphertext }: MessageEnvelope): Bytes | undefined {
  const most = header.length + ciphertext.length + 11;
  if (most > LIMITS.message) return undefined;
  return new PlainWriter(most)
    .put(ENVELOPE)
    .head(BYTES, header.length)
    .put(header)
    .head(BYTES, ciphertext.length)
    .put(ciphertext)
    .done();
}
