const textAt = (view: DataView, at: number) =>
  at + 4 <= view.byteLength
    ? String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4))
    : '';

/** Flag of an extended WebP: it moves. */
const ANIMATION = 0x02;

/** By each container's own structure, wherever in it that is said. */
const MOVES: Readonly<Record<string, (view: DataView) => boolean>> = {
  'image/gif': () => true,
  'image/webp': (view) => textAt(view, 12) === 'VP8X' && (view.getUint8(20) & ANIMATION) !== 0,
  'image/png': (view) => {
    for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
      const name = textAt(view, at + 4);
      if (name === 'acTL') return true;
      if (name === 'IDAT') return false;
    }
    return false;
  },
  'image/avif': (view) => {
    const end = Math.min(view.byteLength, view.getUint32(0));
    for (let at = 8; at + 4 <= end; at += 4) if (textAt(view, at) === 'avis') return true;
    return false;
  },
};

/** Moving pictures cannot be drawn anew without standing still. @param type what a browser drew it as */
export async function isMoving(file: Blob, type: string): Promise<boolean> {
  const moves = MOVES[type];
  if (!moves) return false;
  const view = new DataView(await file.arrayBuffer());
  return view.byteLength > 24 && moves(view);
}
