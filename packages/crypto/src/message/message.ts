import {
  type AccountId,
  type Bytes,
  concat,
  type DeviceId,
  idBytes,
  LIMITS,
  MessageEnvelopeCodec,
  type MessageHeader,
  MessageHeaderCodec,
  type MessageId,
  type MessageKind,
  type RoomId,
  utf8,
} from '@sotto/protocol';
import { deriveFromSecret, type EpochSecret } from '../epoch/secret.ts';
import { UsageError, VerificationError } from '../failure.ts';
import { parse } from '../parse.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { openSigned, type SigningKey, sign } from '../primitives/ed25519.ts';
import { randomBytes } from '../primitives/random.ts';
import { type Content, decodeContent, encodeContent } from './content.ts';
import { pad, unpad } from './padding.ts';
import { readPlainMessage, writePlainEnvelope, writePlainHeader } from './plain-message.ts';

const LABEL = utf8('sotto/v1/message\0');

/** M1: key (32) and nonce (12) of one sealing; the fresh salt makes them single-use whatever was restored. */
async function messageKey(secret: EpochSecret, header: MessageHeader): Promise<{ key: Bytes; nonce: Bytes }> {
  const info = concat(LABEL, header.salt, idBytes(header.device), idBytes(header.id));
  const okm = await deriveFromSecret(secret, info, 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

/**
 * Seals one message: pad, encrypt under the header as associated data, sign both.
 * @returns envelope ‖ signature
 * @throws UsageError where the content is too large
 */
export async function sealMessage(
  header: Omit<MessageHeader, 'v' | 'salt'>,
  content: Content,
  keys: { secret: EpochSecret; signing: SigningKey },
): Promise<Bytes> {
  const encoded = encodeContent(content);
  if (encoded.length > LIMITS.text + 2_048) throw new UsageError('the message is too long');
  const full: MessageHeader = { v: 1, ...header, salt: randomBytes(16) };
  const headerBytes = writePlainHeader(full) ?? MessageHeaderCodec.encode(full);
  const { key, nonce } = await messageKey(keys.secret, full);
  const ciphertext = await aesGcmSeal(key, nonce, pad(encoded), headerBytes);
  const envelope =
    writePlainEnvelope(headerBytes, ciphertext) ??
    MessageEnvelopeCodec.encode({ header: headerBytes, ciphertext });
  return sign('message', envelope, keys.signing);
}

/** What the log or frame claims about a message; the signature decides (attack 15). */
export interface MessageClaim {
  readonly room: RoomId;
  readonly kind: MessageKind;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** Absent for signals and marks. */
  readonly id?: MessageId;
  /** The sender device's key, from a verified list. */
  readonly signing: Bytes;
}

/** A message whose signature and header were verified, not yet decrypted. */
export interface VerifiedMessage {
  readonly header: MessageHeader;
  readonly headerBytes: Bytes;
  readonly ciphertext: Bytes;
}

/** @throws VerificationError M2, M3: 'bad_signature', 'malformed', 'wrong_room', 'wrong_sender', 'wrong_kind' */
export async function verifyMessage(signed: Bytes, claim: MessageClaim): Promise<VerifiedMessage> {
  const payload = await openSigned('message', signed, claim.signing, 'M3');
  const { header, headerBytes, ciphertext } = readPlainMessage(payload) ?? readMessage(payload);
  const wrong = (code: 'wrong_room' | 'wrong_sender' | 'wrong_kind', what: string) =>
    new VerificationError('M2', code, `the sealed header names another ${what}`);
  if (header.room !== claim.room) throw wrong('wrong_room', 'room');
  if (header.account !== claim.account || header.device !== claim.device)
    throw wrong('wrong_sender', 'sender');
  if (header.kind !== claim.kind) throw wrong('wrong_kind', 'kind');
  if (claim.id !== undefined && header.id !== claim.id) throw wrong('wrong_kind', 'id');
  return { header, headerBytes, ciphertext };
}

function readMessage(payload: Bytes): VerifiedMessage {
  const { header: headerBytes, ciphertext } = parse('M3', () => MessageEnvelopeCodec.decode(payload));
  return { header: parse('M2', () => MessageHeaderCodec.decode(headerBytes)), headerBytes, ciphertext };
}

/** M1: any device that holds the epoch's secret opens any message, in any order. */
export async function decryptMessage(message: VerifiedMessage, secret: EpochSecret): Promise<Content> {
  const { key, nonce } = await messageKey(secret, message.header);
  return decodeContent(unpad(await aesGcmOpen(key, nonce, message.ciphertext, message.headerBytes)));
}

/** Verifies and decrypts; content is null where the epoch's secret is not here. */
export async function openMessage(
  signed: Bytes,
  claim: MessageClaim & { readonly secrets: (epoch: number) => Promise<EpochSecret | undefined> },
): Promise<{ header: MessageHeader; content: Content | null }> {
  const message = await verifyMessage(signed, claim);
  const secret = await claim.secrets(message.header.epoch);
  return { header: message.header, content: secret ? await decryptMessage(message, secret) : null };
}
