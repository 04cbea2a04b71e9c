import { type AccountId, ID_BYTES, idBytes, idFromBytes, LIMITS } from '@sotto/protocol';
import { isPosition, isText } from './fields.ts';
import type { Fields, Line, Saying } from './kind.ts';

export interface Text {
  readonly kind: 'text';
  readonly body: string;
  /** Log position of the message that it answers. */
  readonly reply?: number | undefined;
  readonly mentions?: readonly AccountId[] | undefined;
}

export interface TextLine extends Line {
  readonly kind: 'text';
  /** When it was changed last; null where it never was. */
  readonly edited: number | null;
}

export const text: Saying<Text, TextLine> = {
  does: 'say',
  encode: encodeWords,
  decode(fields) {
    const words = decodeWords(fields);
    return words && { kind: 'text', ...words };
  },
  said: ({ body, mentions, reply }) => ({ body, files: [], mentions: mentions ?? [], reply }),
  show: ({ body }) => ({ kind: 'text', body, reactions: [], edited: null }),
  takes: (body) => body.trim() !== '',
};

type Words = Omit<Text, 'kind'>;

/** Words, and whom they answer and mention, as texts and captions have them. */
export function encodeWords({ body, reply, mentions }: Words) {
  return {
    body,
    ...(reply === undefined ? {} : { reply }),
    ...(mentions === undefined || mentions.length === 0 ? {} : { mentions: mentions.map(idBytes) }),
  };
}

export function decodeWords({ body, reply, mentions }: Fields): Words | undefined {
  if (!isText(body) || !(reply === undefined || isPosition(reply))) return undefined;
  const accounts = mentions === undefined ? [] : decodeMentions(mentions);
  return accounts && { body, reply, mentions: accounts };
}

/** Left out rather than empty. */
function decodeMentions(mentions: unknown): AccountId[] | undefined {
  if (!Array.isArray(mentions) || mentions.length === 0 || mentions.length > LIMITS.members) return undefined;
  const isAccount = (m: unknown): m is Uint8Array => m instanceof Uint8Array && m.length === ID_BYTES;
  return mentions.every(isAccount) ? mentions.map((m) => idFromBytes<AccountId>(m)) : undefined;
}
