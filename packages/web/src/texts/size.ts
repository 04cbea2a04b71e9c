const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const STEP = 1_000;

/** Bytes as people read them: `812 bytes`, `3.4 MB`. */
export function sizes(locale: string): (bytes: number) => string {
  const formats = UNITS.map((unit) =>
    [0, 1].map(
      (digits) =>
        new Intl.NumberFormat(locale, {
          style: 'unit',
          unit,
          unitDisplay: unit === 'byte' ? 'long' : 'short',
          maximumFractionDigits: digits,
        }),
    ),
  );
  return (bytes) => {
    let value = Math.max(0, bytes);
    let unit = 0;
    while (value >= STEP - 0.5 && unit < UNITS.length - 1) {
      value /= STEP;
      unit += 1;
    }
    const digits = unit > 0 && value < 10 ? 1 : 0;
    return formats[unit]?.[digits]?.format(value) ?? String(bytes);
  };
}
