import type { Attachment, Said } from '@sotto/crypto';
import { plainLine } from '@sotto/protocol';
import type { FileSummary } from '../../state.ts';

/** What lists of conversations and notifications say of a message's files, where it has some. */
export const summaryIn = ({ files }: Said): { files?: FileSummary } =>
  files[0] ? { files: summaryOf(files[0], files.length) } : {};

const summaryOf = ({ type, name }: Attachment, count: number): FileSummary => ({
  count,
  type,
  name: plainLine(name),
});
