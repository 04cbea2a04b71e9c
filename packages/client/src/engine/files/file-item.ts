import type { Attachment } from '@sotto/crypto';
import type { FileItem, FileSummary } from '../../state.ts';

/** A file as the interface sees it: without its key. */
export function fileItem(attachment: Attachment): FileItem {
  const { file, name, type, size, width, height, duration, thumbhash, thumbnail, waveform } = attachment;
  return {
    file,
    name,
    type,
    size,
    width: width ?? null,
    height: height ?? null,
    duration: duration ?? null,
    thumbhash: thumbhash ?? null,
    thumbnail: thumbnail ?? null,
    waveform: waveform ?? null,
  };
}

/** What lists of conversations and notifications say of files. */
export const summaryOf = (files: readonly Attachment[]): FileSummary => ({
  count: files.length,
  type: files[0]?.type ?? '',
  name: files[0]?.name ?? '',
});
