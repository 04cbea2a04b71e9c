/**
 * Loudness over time, squeezed into `count` steps of 0 … 255: the loudest of each step, relative to the loudest of all.
 * @param levels 0 … 1 each, evenly spaced
 */
export function toWaveform(levels: readonly number[], count: number): Uint8Array<ArrayBuffer> {
  const steps = Math.min(count, levels.length);
  const out = new Uint8Array(steps);
  const peak = Math.max(0.05, ...peaks(levels, steps));
  for (const [index, level] of peaks(levels, steps).entries()) {
    out[index] = Math.round(Math.min(1, level / peak) * 255);
  }
  return out;
}

function peaks(levels: readonly number[], steps: number): readonly number[] {
  return Array.from({ length: steps }, (_, step) => {
    const from = Math.floor((step * levels.length) / steps);
    const to = Math.max(from + 1, Math.floor(((step + 1) * levels.length) / steps));
    return levels.slice(from, to).reduce((most, level) => Math.max(most, level), 0);
  });
}

/** Loudness of a moment, 0 … 1, from samples of −1 … 1: root mean square, lifted so that speech fills the picture. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const level = Math.sqrt(sum / Math.max(1, samples.length));
  return Math.min(1, level * 4);
}
