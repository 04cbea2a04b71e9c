/** In points, as the page of a PDF says; CSS pixels at scale 1. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels per point at 100 %. */
export const NATURAL = 96 / 72;
/** An A4 page of this width is comfortable to read on a large screen. */
const COMFORTABLE = 1.5;
const LARGEST = 8 * NATURAL;
const SMALLEST = 0.25 * NATURAL;
export const STEP = 1.25;

/** A picture of a page has no more device pixels than this, and no longer side: what every browser can draw. */
const MOST_PIXELS = 16 * 1024 * 1024;
const LONGEST_SIDE = 8_192;
/** CSS pixels of a page's longer side: a page of any size a file tells (attack 31) still is one that can be laid out. */
const LONGEST_PAGE = 24_000;

/** The largest scale at which the page is laid out. */
export const sizeLimit = ({ width, height }: Dimensions): number => LONGEST_PAGE / Math.max(1, width, height);

/** Device pixels per point to draw a page with; less than the screen has where the page is too large for that. */
export function outputScale(page: Dimensions, scale: number, density: number): number {
  const wanted = Math.min(scale, sizeLimit(page)) * density;
  const area = Math.sqrt(MOST_PIXELS / Math.max(1, page.width * page.height));
  return Math.min(wanted, area, LONGEST_SIDE / Math.max(1, page.width, page.height));
}

/** The scale at which a page is as wide as the room for it. */
export const fitScale = (page: Dimensions, room: number): number =>
  Math.max(1, room) / Math.max(1, page.width);

/** How a file is first shown: as wide as there is room, but not wider than one likes to read. */
export const firstScale = (page: Dimensions, room: number): number =>
  Math.min(fitScale(page, room), COMFORTABLE);

/** Keeps a wanted scale within what is useful for a page of this size. */
export const bounded = (scale: number, page: Dimensions, room: number): number =>
  Math.min(LARGEST, Math.max(scale, Math.min(SMALLEST, firstScale(page, room))));
