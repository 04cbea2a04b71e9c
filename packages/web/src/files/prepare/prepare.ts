import { FILE_NAME_BYTES } from '../../app/limits.ts';
import { fitName, withEnding } from '../names.ts';
import { kindOf } from '../types.ts';
import { firstBytesOf } from './first-bytes.ts';
import { soundFacts, videoFacts } from './media.ts';
import { isMoving } from './moving.ts';
import { previewOf, redraw } from './picture.ts';
import { withoutMetadata } from './picture-metadata.ts';
import type { ReadyFile } from './ready-file.ts';

const UNKNOWN = 'application/octet-stream';
const LONGEST_TYPE = 100;
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
};

export interface Prepared {
  readonly file: ReadyFile;
  /** A picture or film that goes out with all it says of its making, although "originals" was not chosen. */
  readonly asItIs: boolean;
}

/**
 * Makes a chosen file ready to be sent: pictures are drawn anew unless `original`, everything visible gets its preview.
 * @throws Error where the bytes cannot be read
 */
export async function prepare(source: File, original: boolean): Promise<Prepared> {
  // A folder looks like a file until one reads it.
  const { picture, ofCamera } = await firstBytesOf(source);
  const named =
    /^[\w.+-]+\/[\w.+-]+$/.test(source.type) && source.type.length <= LONGEST_TYPE ? source.type : UNKNOWN;
  const type = picture !== null && (named === UNKNOWN || named.startsWith('image/')) ? picture : named;
  const plain: ReadyFile = {
    name: fitName(source.name === '' ? 'file' : source.name, FILE_NAME_BYTES),
    type,
    size: source.size,
    blob: source,
  };
  if (type.startsWith('image/')) return (await preparePicture(plain, original)) ?? undrawn(plain, original);
  const asItIs = !original && (ofCamera || mayTellPlace(plain));
  const kind = kindOf(type);
  if (kind !== 'video' && kind !== 'sound') return { file: plain, asItIs };
  try {
    const facts = await (kind === 'video' ? videoFacts : soundFacts)(source);
    return { file: { ...plain, ...facts }, asItIs };
  } catch {
    // Not playable here, perhaps elsewhere: sent without a preview.
    return { file: plain, asItIs };
  }
}

/** Pictures and films of phones and cameras, and what lies beside them, that systems name in no way, or in another. */
const CAMERA =
  /\.(?:jpe?g|heic|heif|avif|jxl|tiff?|dng|raw|cr[23]|nef|arw|orf|rw2|mov|mp4|m4v|3gp|insv|livp|xmp)$/i;

/** It may say where and with what it was made, and nothing here takes that out. */
const mayTellPlace = ({ name, type }: ReadyFile): boolean =>
  /^(?:image|video)\//.test(type) || CAMERA.test(name);

/** What this browser cannot draw is sent as any other file: without what it says of its making, else that is told. */
async function undrawn(plain: ReadyFile, original: boolean): Promise<Prepared> {
  const blob = original ? null : await withoutMetadata(plain.blob, plain.type);
  return blob
    ? { file: { ...plain, size: blob.size, blob }, asItIs: false }
    : { file: plain, asItIs: !original };
}

/** @returns null for what this browser cannot draw */
async function preparePicture(plain: ReadyFile, original: boolean): Promise<Prepared | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(plain.blob);
  } catch {
    return null;
  }
  try {
    const { clear, ...preview } = await previewOf(picture, picture);
    const moving = await isMoving(plain.blob, plain.type);
    const seen = { ...plain, ...preview };
    if (original) return { file: seen, asItIs: false };
    if (moving) {
      const blob = await withoutMetadata(plain.blob, plain.type);
      return blob
        ? { file: { ...seen, size: blob.size, blob }, asItIs: false }
        : { file: seen, asItIs: true };
    }
    const blob = await redraw(picture, plain.type, clear);
    const drawn = await createImageBitmap(blob);
    const { width, height } = drawn;
    drawn.close();
    const ending = ENDINGS[blob.type] ?? 'jpg';
    const name = blob.type === plain.type ? plain.name : withEnding(plain.name, ending);
    return {
      file: { ...plain, ...preview, width, height, name, type: blob.type, size: blob.size, blob },
      asItIs: false,
    };
  } finally {
    picture.close();
  }
}
