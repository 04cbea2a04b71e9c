export interface AvatarPicture {
  readonly initials: string;
  readonly ground: string;
  readonly discs: readonly {
    readonly x: number;
    readonly y: number;
    readonly r: number;
    readonly fill: string;
  }[];
}

/** Bytes to draw from: a key as it is, or the characters of an id where no key is known yet. */
const bytesOf = (seed: Uint8Array | string): Uint8Array =>
  typeof seed === 'string' ? new TextEncoder().encode(seed) : seed;

/** Spreads the seed, so that texts with little variety still give different pictures (FNV-1a). */
function spread(seed: Uint8Array): (index: number) => number {
  return (index) => {
    let hash = 0x811c9dc5 ^ index;
    for (const byte of seed) hash = Math.imul(hash ^ byte, 0x01000193);
    // The finaliser of MurmurHash3: neighbours end far apart.
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
  };
}

export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = [...(words[0] ?? name)][0] ?? '';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}

/** Equal lightness for every hue (OKLCH), so that white initials stay readable on all of them. */
export function avatarOf(seed: Uint8Array | string, name: string): AvatarPicture {
  const part = spread(bytesOf(seed));
  const hue = Math.round(part(1) * 360);
  const discs = [2, 3, 4].map((index) => ({
    x: Math.round(part(index) * 40),
    y: Math.round(part(index + 10) * 40),
    r: 8 + Math.round(part(index + 20) * 12),
    fill: `oklch(${index === 3 ? 0.44 : 0.55} 0.1 ${(hue + Math.round(part(index + 30) * 120) + 300) % 360})`,
  }));
  return { initials: initialsOf(name), ground: `oklch(0.5 0.09 ${hue})`, discs };
}
