/** Columns of each row in which so many pictures stand: tidy, and none of them tiny. */
const ROWS: Readonly<Record<number, readonly number[]>> = {
  1: [1],
  2: [2],
  3: [1, 2],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  7: [1, 3, 3],
  8: [2, 3, 3],
  9: [3, 3, 3],
  10: [2, 2, 3, 3],
};

/** The pictures of one message, row by row. */
export function gridRows<T>(pictures: readonly T[]): readonly (readonly T[])[] {
  const rows: T[][] = [];
  let from = 0;
  while (from < pictures.length) {
    for (const columns of ROWS[Math.min(10, pictures.length - from)] ?? [1]) {
      rows.push(pictures.slice(from, from + columns));
      from += columns;
    }
  }
  return rows;
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

const UNKNOWN: Box = { width: 280, height: 210 };
const isLength = (pixels: number): boolean => pixels >= 1 && Number.isFinite(pixels);
const LARGEST: Box = { width: 340, height: 380 };
const SMALLEST: Box = { width: 120, height: 64 };

/**
 * The box in which a single picture stands, in CSS pixels, from what its message tells: it is right before a byte of the
 * picture is here. What is very long or very wide is cut off at the box.
 */
export function singleBox(width: number | null, height: number | null): Box {
  if (width === null || height === null || !isLength(width) || !isLength(height)) return UNKNOWN;
  // Something tiny is enlarged as far as it takes to be seen and pressed.
  const grown = Math.max(1, Math.min(SMALLEST.width / width, SMALLEST.width / height));
  const scale = Math.min(grown, LARGEST.width / width, LARGEST.height / height);
  return {
    width: Math.round(Math.max(SMALLEST.width, width * scale)),
    height: Math.round(Math.max(SMALLEST.height, height * scale)),
  };
}
