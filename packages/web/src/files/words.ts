import type { FileItem, FileSummary } from '@sotto/client';
import type { Texts } from '../texts/texts.ts';
import { clockWords } from './measure.ts';
import { shownName } from './names.ts';
import { isVoiceName, kindOf } from './types.ts';

/** One line for a message with files: `Photo`, `3 files`, `Voice message`, a name; with the caption where there is one. */
export function summaryWords(texts: Texts, files: FileSummary, caption: string): string {
  const what = whatWords(texts, files);
  return caption === '' ? what : texts.files.withCaption({ what, caption });
}

function whatWords(texts: Texts, { count, type, name }: FileSummary): string {
  const t = texts.files;
  if (count > 1) return t.several({ count });
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

/** What the button of a video says. */
export function videoWords(texts: Texts, { name, duration }: Pick<FileItem, 'name' | 'duration'>): string {
  const shown = { name: shownName(name) };
  if (duration === null) return texts.shown.openVideo(shown);
  return texts.shown.openVideoLong({ ...shown, length: clockWords(duration) });
}
