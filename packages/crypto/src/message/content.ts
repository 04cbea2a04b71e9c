import {
  type AccountId,
  type Bytes,
  type CborValue,
  decodeCbor,
  encodeCbor,
  ID_BYTES,
  idBytes,
  idFromBytes,
  LIMITS,
  utf8,
} from '@sotto/protocol';
import { VerificationError } from '../failure.ts';
import { type Attachment, decodeAttachment, encodeAttachment } from './attachment.ts';
import { literal, PlainReader, PlainWriter, TEXT } from './plain-cursor.ts';

/** M4: what a message says. Targets and replies are log positions. */
export type Content =
  | {
      readonly kind: 'text';
      readonly body: string;
      readonly reply?: number | undefined;
      readonly mentions?: readonly AccountId[] | undefined;
    }
  /** M6: one or more files; `body` is the caption and may be empty. */
  | {
      readonly kind: 'files';
      readonly files: readonly Attachment[];
      readonly body: string;
      readonly reply?: number | undefined;
      readonly mentions?: readonly AccountId[] | undefined;
    }
  | { readonly kind: 'edit'; readonly target: number; readonly body: string }
  | { readonly kind: 'delete'; readonly target: number }
  | { readonly kind: 'reaction'; readonly target: number; readonly emoji: string; readonly on: boolean }
  | { readonly kind: 'typing'; readonly on: boolean }
  | { readonly kind: 'mark'; readonly delivered: number; readonly read: number }
  /** A kind or version this client does not know: shown as such, never dropped. */
  | { readonly kind: 'unknown'; readonly name: string };

const VERSION = 1;
const EMOJI_LIMIT = 64;

export function encodeContent(content: Content): Bytes {
  if (content.kind === 'text' && content.reply === undefined && !content.mentions?.length) {
    return writePlainText(content.body);
  }
  switch (content.kind) {
    case 'text':
    case 'files': {
      const { kind, body, reply, mentions } = content;
      return encodeCbor({
        v: VERSION,
        kind,
        body,
        ...(kind === 'files' ? { files: content.files.map(encodeAttachment) } : {}),
        ...(reply === undefined ? {} : { reply }),
        ...(mentions === undefined || mentions.length === 0 ? {} : { mentions: mentions.map(idBytes) }),
      });
    }
    case 'unknown':
      throw new TypeError('encodeContent: an unknown kind cannot be sent');
    default:
      return encodeCbor({ v: VERSION, ...content } as { [key: string]: CborValue });
  }
}

type Fields = Record<string, unknown>;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LIMITS.text;

/** @throws VerificationError M4 'malformed' where a known kind has another form */
export function decodeContent(bytes: Bytes): Content {
  return readPlainText(bytes) ?? decodeAny(bytes);
}

const TEXT_START = literal(0xa3, 'v', VERSION, 'body');
const TEXT_END = literal('kind', 'text');

/** Most messages: a text that answers nobody and mentions nobody, in the one form it is written. Undefined for all else. */
function readPlainText(bytes: Bytes): Content | undefined {
  const plain = new PlainReader(bytes);
  const body = plain.skip(TEXT_START) ? plain.text() : undefined;
  if (body === undefined || !isText(body) || !plain.skip(TEXT_END) || !plain.ended) return undefined;
  return { kind: 'text', body, reply: undefined, mentions: [] };
}

function writePlainText(body: string): Bytes {
  const text = utf8(body);
  return new PlainWriter(TEXT_START.length + 5 + text.length + TEXT_END.length)
    .put(TEXT_START)
    .head(TEXT, text.length)
    .put(text)
    .put(TEXT_END)
    .done();
}

function decodeAny(bytes: Bytes): Content {
  let fields: Fields;
  try {
    const value = decodeCbor(bytes);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not a map');
    fields = value as Fields;
  } catch (cause) {
    throw new VerificationError('M4', 'malformed', 'the content is malformed', { cause });
  }
  const name = typeof fields.kind === 'string' ? fields.kind.slice(0, 40) : '?';
  if (fields.v !== VERSION) return { kind: 'unknown', name: `${name} v${String(fields.v).slice(0, 10)}` };
  const content = read(name, fields);
  if (content) return content;
  throw new VerificationError('M4', 'malformed', `content of kind ${name} is malformed`);
}

function read(name: string, fields: Fields): Content | undefined {
  const { target, body, emoji, on, delivered, read } = fields;
  switch (name) {
    case 'text':
      return readText(fields);
    case 'files':
      return readFiles(fields);
    case 'edit':
      return isCount(target) && isText(body) ? { kind: 'edit', target, body } : undefined;
    case 'delete':
      return isCount(target) ? { kind: 'delete', target } : undefined;
    case 'reaction':
      return isCount(target) && isText(emoji) && emoji.length <= EMOJI_LIMIT && typeof on === 'boolean'
        ? { kind: 'reaction', target, emoji, on }
        : undefined;
    case 'typing':
      return typeof on === 'boolean' ? { kind: 'typing', on } : undefined;
    case 'mark':
      return isCount(delivered) && isCount(read) ? { kind: 'mark', delivered, read } : undefined;
    default:
      return { kind: 'unknown', name };
  }
}

function readText({ body, reply, mentions = [] }: Fields): Extract<Content, { kind: 'text' }> | undefined {
  if (!isText(body) || !(reply === undefined || isCount(reply)) || !Array.isArray(mentions)) return undefined;
  if (mentions.length > LIMITS.members) return undefined;
  if (!mentions.every((m): m is Uint8Array => m instanceof Uint8Array && m.length === ID_BYTES))
    return undefined;
  const accounts = mentions.map((m) => idFromBytes<AccountId>(m));
  return { kind: 'text', body, reply, mentions: accounts };
}

function readFiles({ files, ...rest }: Fields): Content | undefined {
  const text = readText(rest);
  if (!text || !Array.isArray(files) || files.length === 0 || files.length > LIMITS.files) return undefined;
  const found = files.map(decodeAttachment).filter((file) => file !== undefined);
  if (found.length !== files.length) return undefined;
  if (new Set(found.map(({ file }) => file)).size !== found.length) return undefined;
  return { ...text, kind: 'files', files: found };
}
