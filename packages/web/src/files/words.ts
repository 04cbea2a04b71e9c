import type { FileSummary } from '@sotto/client';
import { texts } from '../texts/index.ts';
import { shownName } from './names.ts';
import { isVoiceName, kindOf } from './types.ts';

/** One line for a message with files: `Photo`, `3 files`, `Voice message`, a name; with the caption where there is one. */
export function summaryWords(files: FileSummary, caption: string): string {
  const what = whatWords(files);
  return caption === '' ? what : texts.files.withCaption(what, caption);
}

function whatWords({ count, type, name }: FileSummary): string {
  const t = texts.files;
  if (count > 1) return t.several(count);
  const kind = kindOf(type);
  if (kind === 'picture') return t.picture;
  if (kind === 'video') return t.video;
  if (kind === 'sound' && isVoiceName(name)) return t.voice;
  return shownName(name);
}

/** The summary of a message's own files; null where it has none. */
export function summaryOf(
  files: readonly { readonly name: string; readonly type: string }[],
): FileSummary | null {
  const [first] = files;
  return first ? { count: files.length, type: first.type, name: first.name } : null;
}
