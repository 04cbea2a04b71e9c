const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const STEP = 1_000;

const formats = UNITS.map((unit) =>
  [0, 1].map(
    (digits) =>
      new Intl.NumberFormat(undefined, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'byte' ? 'long' : 'short',
        maximumFractionDigits: digits,
      }),
  ),
);

/** Bytes as people read them: `812 bytes`, `3.4 MB`. */
export function sizeWords(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= STEP - 0.5 && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return formats[unit]?.[digits]?.format(value) ?? String(bytes);
}

/** How much of how much: `1.9 of 5.1 GB`, or `800 kB of 5.1 GB`. */
export function shareWords(done: number, total: number): readonly [done: string, total: string] {
  const [part, whole] = [sizeWords(done), sizeWords(total)];
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
