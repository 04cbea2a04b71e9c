import { type Attachment, type Content, encodeContent, newFileKey } from '@sotto/crypto';
import { type FileId, idFromBytes, LIMITS, plainLine, utf8 } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { NewFile } from '../../files.ts';

export type FilesContent = Extract<Content, { kind: 'files' }>;

/** What a message can say (M3), as sealing checks it. */
const CONTENT_LIMIT = LIMITS.text + 2_048;

/** Until the file has been sealed. */
const NO_HASH = new Uint8Array(32);

/** M6: what the message will say of a file; a fresh key and id each. */
export function describe(file: NewFile): Attachment {
  const { key, file: id } = newFileKey();
  const { size, width, height, duration, thumbhash, waveform } = file;
  const thumbnail = file.thumbnail && file.thumbnail.length <= LIMITS.thumbnail ? file.thumbnail : undefined;
  return {
    file: idFromBytes<FileId>(id),
    key,
    hash: NO_HASH,
    name: fitName(file.name),
    type: utf8(file.type).length <= LIMITS.fileType && file.type ? file.type : 'application/octet-stream',
    size,
    width: pixels(width),
    height: pixels(height),
    duration: duration === undefined ? undefined : Math.max(0, Math.round(duration)),
    thumbhash: thumbhash?.length && thumbhash.length <= THUMBHASH ? thumbhash : undefined,
    thumbnail: thumbnail?.length ? thumbnail : undefined,
    waveform: waveform?.length ? waveform.slice(0, LIMITS.waveform) : undefined,
  };
}

/** What the others' devices take (attack 29). */
const MOST_PIXELS = 100_000;
const THUMBHASH = 64;

const pixels = (count: number | undefined) =>
  count !== undefined && count > 0 && count <= MOST_PIXELS ? Math.round(count) : undefined;

/** The last part of a path, without what nobody would see in it, shortened before its ending. */
function fitName(given: string): string {
  const name = plainLine(given.split(/[/\\]/).at(-1) ?? '', '').trim() || 'file';
  if (utf8(name).length <= LIMITS.fileName) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  const letters = [...name.slice(0, name.length - ending.length)];
  while (utf8(letters.join('') + ending).length > LIMITS.fileName) letters.pop();
  return letters.join('') + ending;
}

/**
 * Leaves thumbnails out, the last first, until the message has room for the rest; a blurred picture (ThumbHash) stays.
 * @throws ClientError 'too_large' where caption and names alone are too much
 */
export function fitted(content: FilesContent): FilesContent {
  let { files } = content;
  while (encodeContent({ ...content, files }).length > CONTENT_LIMIT) {
    const last = files.findLastIndex(({ thumbnail }) => thumbnail !== undefined);
    if (last < 0) throw new ClientError('too_large');
    files = files.map((file, index) => (index === last ? { ...file, thumbnail: undefined } : file));
  }
  return { ...content, files };
}
