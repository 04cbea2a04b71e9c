import { WAVEFORM_STEPS } from '../../app/limits.ts';

const HEIGHT = 28;
const PITCH = 4;
const LEAST = 2;

/** Loudness over time as bars; what was played is darker. */
export function Wave({ levels, share }: { levels: Uint8Array; share: number }) {
  const shown = levels.slice(0, WAVEFORM_STEPS);
  const width = Math.max(1, shown.length) * PITCH;
  return (
    <svg className="wave" viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {[...shown].map((level, index) => {
        const height = Math.max(LEAST, (level / 255) * HEIGHT);
        const played = (index + 0.5) / shown.length <= share;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar has no identity but its place
            key={index}
            className={played ? 'played' : undefined}
            x={index * PITCH + 0.7}
            y={(HEIGHT - height) / 2}
            width={PITCH - 1.4}
            height={height}
            rx={1.2}
          />
        );
      })}
    </svg>
  );
}
