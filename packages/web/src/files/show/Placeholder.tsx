import type { FileItem } from '@sotto/client';
import { useEffect, useMemo, useRef } from 'react';
import { useObjectUrl } from '../../app/object-url.ts';
import { blurred } from './blurred.ts';

/** What stands where a picture will be: its blurred colours at once, then its thumbnail. Both came with the message. */
export function Placeholder({ item }: { item: FileItem }) {
  const thumbnail = useThumbnail(item.thumbnail);
  return (
    <>
      {item.thumbhash && <Blurred hash={item.thumbhash} />}
      {thumbnail !== null && <img className="tile-layer tile-thumbnail" src={thumbnail} alt="" />}
    </>
  );
}

function Blurred({ hash }: { hash: Uint8Array<ArrayBuffer> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useMemo(() => decoded(hash), [hash]);
  useEffect(() => {
    if (!picture) return;
    canvas.current?.getContext('2d')?.putImageData(picture, 0, 0);
  }, [picture]);
  if (!picture) return null;
  return <canvas ref={canvas} className="tile-layer" width={picture.width} height={picture.height} />;
}

function decoded(hash: Uint8Array): ImageData | null {
  const picture = blurred(hash);
  return picture && new ImageData(new Uint8ClampedArray(picture.rgba), picture.w, picture.h);
}

function useThumbnail(bytes: Uint8Array<ArrayBuffer> | null): string | null {
  const blob = useMemo(() => {
    const type = bytes === null ? null : typeOf(bytes);
    return bytes === null || type === null ? null : new Blob([bytes], { type });
  }, [bytes]);
  return useObjectUrl(blob);
}

/** By their first bytes; anything but the two kinds of thumbnails is not shown. */
function typeOf(bytes: Uint8Array): 'image/jpeg' | 'image/webp' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg';
  return String.fromCharCode(...bytes.slice(0, 4)) === 'RIFF' ? 'image/webp' : null;
}
