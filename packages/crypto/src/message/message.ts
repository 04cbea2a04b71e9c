import {
  type Bytes,
  concat,
  flawOfMessage,
  idBytes,
  LIMITS,
  type MessageClaim,
  MessageEnvelopeCodec,
  type MessageHeader,
  MessageHeaderCodec,
  misclaimed,
  utf8,
} from '@sotto/protocol';
import { deriveFromSecret, type EpochSecret } from '../epoch/secret.ts';
import type { VerifiedHeader } from '../epoch/verified-header.ts';
import { UsageError, VerificationError } from '../failure.ts';
import { parse } from '../parse.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { openSigned, type SigningKey, sign } from '../primitives/ed25519.ts';
import { randomBytes } from '../primitives/random.ts';
import { decodeContent, encodeContent } from './content.ts';
import type { Content } from './kinds/index.ts';
import { pad, unpad } from './padding.ts';

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
 * @throws UsageError where the content is too large, or not in the form of its kind
 */
export async function sealMessage(
  header: Omit<MessageHeader, 'v' | 'salt'>,
  content: Content,
  keys: { secret: EpochSecret; signing: SigningKey },
): Promise<Bytes> {
  return sealEncoded(header, encodeContent(content), keys);
}

/** @param encoded what readers parse; nothing looks at it here. @throws UsageError where it is too large */
export async function sealEncoded(
  header: Omit<MessageHeader, 'v' | 'salt'>,
  encoded: Bytes,
  keys: { secret: EpochSecret; signing: SigningKey },
): Promise<Bytes> {
  if (encoded.length > LIMITS.text + 2_048) throw new UsageError('the message is too long');
  const full: MessageHeader = { v: 1, ...header, salt: randomBytes(16) };
  const headerBytes = MessageHeaderCodec.encode(full);
  const { key, nonce } = await messageKey(keys.secret, full);
  const ciphertext = await aesGcmSeal(key, nonce, pad(encoded), headerBytes);
  return sign('message', MessageEnvelopeCodec.encode({ header: headerBytes, ciphertext }), keys.signing);
}

/** What the log or frame claims about a message; the signature decides (attack 15). No id for signals and receipts. */
export type SignedClaim = Omit<MessageClaim, 'epoch'> & {
  /** The sender device's key, from a verified list. */
  readonly signing: Bytes;
};

const WRONG = {
  room: 'wrong_room',
  account: 'wrong_sender',
  device: 'wrong_sender',
  kind: 'wrong_kind',
  epoch: 'wrong_epoch',
  id: 'wrong_kind',
} as const;

/** A message whose signature and header were verified, not yet decrypted. */
export interface VerifiedMessage {
  readonly header: MessageHeader;
  readonly headerBytes: Bytes;
  readonly ciphertext: Bytes;
}

/** @throws VerificationError M2, M3: 'bad_signature', 'malformed', 'wrong_room', 'wrong_sender', 'wrong_kind' */
export async function verifyMessage(
  signed: Bytes,
  { signing, ...claim }: SignedClaim,
): Promise<VerifiedMessage> {
  const payload = await openSigned('message', signed, signing, 'M3');
  const { header: headerBytes, ciphertext } = parse('M3', () => MessageEnvelopeCodec.decode(payload));
  const header = parse('M2', () => MessageHeaderCodec.decode(headerBytes));
  const wrong = misclaimed(header, claim);
  if (wrong) throw new VerificationError('M2', WRONG[wrong], `the sealed header names another ${wrong}`);
  return { header, headerBytes, ciphertext };
}

const FLAWS = {
  wrong_epoch: ['R5', 'wrong_epoch', 'the message belongs to another epoch'],
  wrong_list: ['M2', 'old_list', 'the sender names another device list than the room'],
  old_counter: ['M2', 'replayed', 'the sender’s counter does not grow'],
} as const;

/** @throws VerificationError R5 'wrong_epoch'; M2 'old_list', 'replayed' */
export function demandSound(
  header: MessageHeader,
  room: { readonly epoch: number; readonly list: number; readonly counter: number },
): void {
  const flaw = flawOfMessage(header, room);
  if (!flaw) return;
  const [rule, code, what] = FLAWS[flaw];
  throw new VerificationError(rule, code, what);
}

/** M1: any device that holds the epoch's secret opens any message, in any order. */
export async function decryptMessage(message: VerifiedMessage, secret: EpochSecret): Promise<Content> {
  const { key, nonce } = await messageKey(secret, message.header);
  return decodeContent(unpad(await aesGcmOpen(key, nonce, message.ciphertext, message.headerBytes)));
}

/**
 * Verifies and decrypts a message of a place in the log; content is null where the secret is not here.
 * @param at the header that holds at that place, and its secret where this device has it
 * @throws VerificationError as `verifyMessage`; R5 'wrong_epoch'; M1 'cannot_decrypt'
 */
export async function openMessage(
  signed: Bytes,
  claim: SignedClaim,
  at: { readonly header: VerifiedHeader; readonly secret: EpochSecret | undefined },
): Promise<{ header: MessageHeader; content: Content | null }> {
  const message = await verifyMessage(signed, claim);
  if (message.header.epoch !== at.header.header.epoch) {
    throw new VerificationError('R5', 'wrong_epoch', 'the message belongs to another epoch'); // attack 5
  }
  return { header: message.header, content: at.secret ? await decryptMessage(message, at.secret) : null };
}
