import { LIMITS } from '@sotto/protocol';
import { type Attachment, decodeAttachment, encodeAttachment } from '../attachment.ts';
import { type FileLine, fileLine } from '../file-line.ts';
import type { Line, Saying } from './kind.ts';
import { decodeWords, encodeWords, type Text } from './text.ts';

/** M6: one or more files; `body` is the caption and may be empty. */
export interface Files extends Omit<Text, 'kind'> {
  readonly kind: 'files';
  readonly files: readonly Attachment[];
}

export interface FilesLine extends Line {
  readonly kind: 'files';
  readonly files: readonly FileLine[];
  /** When its caption was changed last; null where it never was. */
  readonly edited: number | null;
}

export const files: Saying<Files, FilesLine> = {
  does: 'say',
  encode: (content) => ({ ...encodeWords(content), files: content.files.map(encodeAttachment) }),
  decode(fields) {
    const words = decodeWords(fields);
    const { files: said } = fields;
    if (!words || !Array.isArray(said) || said.length === 0 || said.length > LIMITS.files) return undefined;
    const found = said.map(decodeAttachment).filter((file) => file !== undefined);
    if (found.length !== said.length) return undefined;
    if (new Set(found.map(({ file }) => file)).size !== found.length) return undefined;
    return { kind: 'files', ...words, files: found };
  },
  said: ({ body, files: said, mentions, reply }) => ({ body, files: said, mentions: mentions ?? [], reply }),
  show: ({ body, files: said }) => ({
    kind: 'files',
    body,
    reactions: [],
    files: said.map(fileLine),
    edited: null,
  }),
  takes: () => true, // a caption may be emptied
};
