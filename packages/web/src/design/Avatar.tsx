import { memo } from 'react';
import { avatarOf } from './avatar.ts';
import './avatar.css';
import { useFirstTexts } from '../texts/context.tsx';

/**
 * A picture made from a key, the same on every device, so that it also helps to recognise a person. It
 * repeats what the name beside it says and is hidden from screen readers.
 */
export const Avatar = memo(function Avatar({
  seed,
  name,
  shape = 'person',
  size = 'm',
  online,
}: {
  seed: Uint8Array | string;
  name: string;
  shape?: 'person' | 'group';
  size?: 's' | 'm' | 'l';
  online?: boolean | undefined;
}) {
  const texts = useFirstTexts();
  const avatar = avatarOf(seed, name);
  return (
    <span className={`avatar ${size} ${shape}`}>
      <svg viewBox="0 0 40 40" aria-hidden="true" focusable="false">
        <rect width="40" height="40" fill={avatar.ground} />
        {avatar.discs.map((disc) => (
          <circle
            key={`${disc.x} ${disc.y} ${disc.r}`}
            cx={disc.x}
            cy={disc.y}
            r={disc.r}
            fill={disc.fill}
            fillOpacity={0.5}
          />
        ))}
        <text
          x="20"
          y="20.500"
          textAnchor="middle"
          dominantBaseline="central"
          fill="#fff"
          fontSize="15"
          fontWeight="600"
        >
          {avatar.initials}
        </text>
      </svg>
      {online && <span className="presence" role="img" aria-label={texts.presence.online} />}
    </span>
  );
});
