import { rgbaToThumbHash } from 'thumbhash';
import { THUMBNAIL_BYTES } from '../../app/limits.ts';
import type { Box } from '../show/grid.ts';

/** Longest edge of a picture that is sent without "originals", in pixels. */
const LONGEST = 2_560;
const QUALITY = 0.88;
/** A lossless picture without transparency that is larger than this is a photo. */
const LARGE_LOSSLESS = 2_000_000;
const HASHED = 100;
const THUMBNAILS: readonly (readonly [edge: number, quality: number])[] = [
  [320, 0.55],
  [240, 0.6],
  [240, 0.4],
  [180, 0.4],
  [120, 0.4],
  [72, 0.4],
];

export interface Preview {
  readonly width: number;
  readonly height: number;
  readonly thumbhash?: Uint8Array<ArrayBuffer>;
  readonly thumbnail?: Uint8Array<ArrayBuffer>;
  /** The same ever smaller, for a message with many. */
  readonly smaller?: readonly Uint8Array<ArrayBuffer>[];
}

export type Drawable = ImageBitmap | HTMLVideoElement;

const fit = ({ width, height }: Box, edge: number): Box => {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
};

function draw(source: Drawable, box: Box, ground: string | null) {
  const canvas = new OffscreenCanvas(box.width, box.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('picture: this browser gives no canvas');
  if (ground !== null) {
    context.fillStyle = ground;
    context.fillRect(0, 0, box.width, box.height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, box.width, box.height);
  return { canvas, context };
}

/** Blurred preview and small thumbnail of a picture or of a video's frame. */
export async function previewOf(source: Drawable, size: Box): Promise<Preview & { readonly clear: boolean }> {
  const small = fit(size, HASHED);
  const { context } = draw(source, small, null);
  const pixels = context.getImageData(0, 0, small.width, small.height).data;
  const clear = isTransparent(pixels);
  const thumbhash = new Uint8Array(rgbaToThumbHash(small.width, small.height, pixels));
  const [thumbnail, ...smaller] = await thumbnailsOf(source, size, clear);
  const { width, height } = size;
  return { width, height, clear, thumbhash, ...(thumbnail ? { thumbnail, smaller } : {}) };
}

function isTransparent(pixels: Uint8ClampedArray): boolean {
  for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 255) < 250) return true;
  return false;
}

async function thumbnailsOf(source: Drawable, size: Box, clear: boolean): Promise<Uint8Array<ArrayBuffer>[]> {
  const fitting: Uint8Array<ArrayBuffer>[] = [];
  for (const [edge, quality] of THUMBNAILS) {
    const { canvas } = draw(source, fit(size, edge), null);
    let blob = await canvas.convertToBlob({ type: 'image/webp', quality });
    // Browsers without an encoder for WebP give a PNG instead.
    if (blob.type !== 'image/webp') {
      const { canvas: filled } = draw(source, fit(size, edge), clear ? '#ffffff' : null);
      blob = await filled.convertToBlob({ type: 'image/jpeg', quality });
    }
    if (blob.size < (fitting.at(-1)?.length ?? THUMBNAIL_BYTES + 1)) {
      fitting.push(new Uint8Array(await blob.arrayBuffer()));
    }
  }
  return fitting;
}

/**
 * The picture drawn anew: upright, at most `LONGEST` on its longer edge, and without anything that came with it, such as
 * the place where it was taken.
 */
export async function redraw(source: ImageBitmap, type: string, clear: boolean): Promise<Blob> {
  const box = fit(source, LONGEST);
  const encode = (to: string) =>
    draw(source, box, to === 'image/jpeg' ? '#ffffff' : null).canvas.convertToBlob({
      type: to,
      quality: QUALITY,
    });
  if (type === 'image/png') {
    const lossless = await encode('image/png');
    if (clear || lossless.size <= LARGE_LOSSLESS) return lossless;
    const photo = await encode('image/jpeg');
    return photo.size * 2 < lossless.size ? photo : lossless;
  }
  if (clear || type === 'image/webp') return encode('image/webp');
  return encode('image/jpeg');
}
