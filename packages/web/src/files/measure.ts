import type { FirstTexts } from '../texts/texts.ts';

/** How much of how much: `1.9 of 5.1 GB`, or `800 kB of 5.1 GB`. */
export function shareWords(
  { local }: FirstTexts,
  done: number,
  total: number,
): readonly [done: string, total: string] {
  const [part, whole] = [local.size(done), local.size(total)];
  const unit = whole.replace(/^[\d.,\s]+/, '');
  return part.endsWith(unit) && /^[\d.,]+$/.test(part.slice(0, -unit.length).trim())
    ? [part.slice(0, -unit.length).trim(), whole]
    : [part, whole];
}

/** Milliseconds as a clock: `0:07`, `12:30`, `1:02:03`. */
export function clockWords(milliseconds: number): string {
  const all = Math.max(0, Math.round(milliseconds / 1_000));
  const hours = Math.floor(all / 3_600);
  const minutes = Math.floor((all % 3_600) / 60);
  const seconds = String(all % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** Seconds that are left at this rate; null where it cannot be told. */
export function secondsLeft(done: number, total: number, rate: number): number | null {
  if (rate <= 0 || done >= total) return null;
  return Math.ceil((total - done) / rate);
}
