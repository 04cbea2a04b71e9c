import type { Row } from './rows.ts';

/** Closer than this to the end, in CSS pixels, counts as at the end; farther than `AWAY` shows the way back. */
const NEAR = 40;
const AWAY = 240;

/** How far the list is scrolled and how long it is, in CSS pixels. */
export interface Offset {
  readonly top: number;
  readonly height: number;
}

/** @param distance from the end, in CSS pixels */
export const placeOf = (distance: number): { readonly end: boolean; readonly away: boolean } => ({
  end: distance < NEAR,
  away: distance > AWAY,
});

/**
 * Whether the list keeps to its end after it was scrolled, by somebody or by itself.
 *
 * @param room what is in sight of the list, in CSS pixels
 * @param byHand false right after something arrived with no hand on the list: then what moves it is the list itself
 */
export function sticks(
  stuck: boolean,
  { before, now, room, byHand }: { before: Offset; now: Offset; room: number; byHand: boolean },
): boolean {
  if (placeOf(now.height - now.top - room).end) return true;
  // New sizes move the end away too; only where the height stayed was it the user who scrolled up.
  const up = now.top < before.top - 1 && now.height === before.height;
  return up && byHand ? false : stuck;
}

/** Messages of others below the row with this key; none where it is not there. */
export function countAfter(rows: readonly Row[], key: string | null): number {
  const at = key === null ? -1 : rows.findLastIndex((row) => row.key === key);
  if (at < 0) return 0;
  return rows.slice(at + 1).filter((row) => row.type === 'message' && !row.item.own).length;
}
