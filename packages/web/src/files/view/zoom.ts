import type { Box } from '../show/grid.ts';

/** How a picture stands in its stage: scaled about the middle, then moved by CSS pixels. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const NO_ZOOM: Zoom = { scale: 1, x: 0, y: 0 };
const MOST = 8;
export const STEP = 1.5;

/** Moves no farther than to where an edge of the picture meets the stage. */
export function within(zoom: Zoom, picture: Box, stage: Box): Zoom {
  const scale = Math.min(MOST, Math.max(1, zoom.scale));
  if (scale === 1) return NO_ZOOM;
  const room = (length: number, outer: number) => Math.max(0, (length * scale - outer) / 2);
  const [x, y] = [room(picture.width, stage.width), room(picture.height, stage.height)];
  return { scale, x: Math.min(x, Math.max(-x, zoom.x)), y: Math.min(y, Math.max(-y, zoom.y)) };
}

/** Scales by `factor` so that the point (from the middle of the stage) stays under the finger. */
export function zoomAt(zoom: Zoom, factor: number, point: { readonly x: number; readonly y: number }): Zoom {
  const scale = Math.min(MOST, Math.max(1, zoom.scale * factor));
  const by = scale / zoom.scale;
  return { scale, x: point.x - (point.x - zoom.x) * by, y: point.y - (point.y - zoom.y) * by };
}
