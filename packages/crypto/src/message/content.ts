import { type Bytes, decodeCbor, encodeCbor } from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';
import { type Content, KINDS } from './kinds/index.ts';
import type { Fields, Form } from './kinds/kind.ts';
import { readPlainText, VERSION, writePlainText } from './plain-text.ts';

/** @throws UsageError for what no reader would take */
export function encodeContent(content: Content): Bytes {
  const bytes = encode(content);
  try {
    decodeContent(bytes);
  } catch (cause) {
    throw new UsageError('what this says is not in the form of its kind', cause);
  }
  return bytes;
}

function encode(content: Content): Bytes {
  if (content.kind === 'unknown') throw new TypeError('encodeContent: an unknown kind cannot be sent');
  const plain = content.kind === 'text' ? writePlainText(content) : undefined;
  if (plain) return plain;
  const form = KINDS[content.kind] as Form<Content>;
  return encodeCbor({ v: VERSION, kind: content.kind, ...form.encode(content) });
}

/** @throws VerificationError M4 'malformed' where a known kind has another form */
export function decodeContent(bytes: Bytes): Content {
  return readPlainText(bytes) ?? decodeAny(bytes);
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
  if (!isKnown(name)) return { kind: 'unknown', name };
  const content = KINDS[name].decode(fields);
  if (content) return content;
  throw new VerificationError('M4', 'malformed', `content of kind ${name} is malformed`);
}

const isKnown = (name: string): name is keyof typeof KINDS => Object.hasOwn(KINDS, name);
