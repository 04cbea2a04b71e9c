import { plainLine } from '@sotto/protocol';
import type { FileSummary } from '../../state.ts';

/** What lists of conversations and notifications say of a message's files, where it has some. */
export const summaryOf = (
  files: readonly { readonly type: string; readonly name: string }[],
): { files?: FileSummary } =>
  files[0] ? { files: { count: files.length, type: files[0].type, name: plainLine(files[0].name) } } : {};
