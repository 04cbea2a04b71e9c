import type { TrayState } from './tray.ts';

export interface Chosen {
  readonly files: readonly File[];
  readonly notice: TrayState['notice'];
}

/** What was dropped: files; folders are told apart as far as the browser lets one. */
export function droppedFiles(data: DataTransfer): Chosen {
  const items = [...data.items].filter((item) => item.kind === 'file');
  const folders = items.some((item) => item.webkitGetAsEntry()?.isDirectory === true);
  const files = items.flatMap((item) => {
    if (item.webkitGetAsEntry()?.isDirectory) return [];
    const file = item.getAsFile();
    return file ? [file] : [];
  });
  const notice = folders ? 'folders' : files.length === 0 ? 'empty' : null;
  return { files, notice };
}

/** What was pasted; null where the clipboard has text, which then goes into the field as always. */
export function pastedFiles(data: DataTransfer, now: Date): readonly File[] | null {
  const files = [...data.files];
  if (files.length === 0 || data.getData('text/plain') !== '') return null;
  return files.map((file, index) => named(file, now, index));
}

/** Browsers call every pasted picture the same: it gets the moment it was pasted. */
function named(file: File, now: Date, index: number): File {
  if (file.name !== 'image.png') return file;
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const more = index === 0 ? '' : `-${index + 1}`;
  return new File([file], `picture-${day}-${time}${more}.png`, {
    type: file.type,
    lastModified: file.lastModified,
  });
}

/** Whether files are being dragged, and not text or a message's own picture. */
export const carriesFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;
