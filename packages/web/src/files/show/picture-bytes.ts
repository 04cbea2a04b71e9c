import type { ShownType } from '../types.ts';

/** How the bytes of each kind of picture begin: at which place, and with what. */
const BEGINNINGS: Partial<Readonly<Record<ShownType, readonly [at: number, bytes: string]>>> = {
  'image/png': [0, '\x89PNG\r\n\x1a\n'],
  'image/jpeg': [0, '\xff\xd8\xff'],
  'image/gif': [0, 'GIF8'],
  'image/webp': [8, 'WEBP'],
  'image/avif': [4, 'ftyp'],
};

/** The bytes are no picture of the kind that its sender says. */
export class NotAPicture extends Error {
  constructor() {
    super('picture: its bytes are of another kind than it says');
    this.name = 'NotAPicture';
  }
}

/** Attack 31: whether the bytes are what they say they are; what is not, the browser never gets to see. */
export function isPicture(type: ShownType, head: Uint8Array): boolean {
  const known = BEGINNINGS[type];
  if (!known) return false;
  const [at, bytes] = known;
  return String.fromCharCode(...head.slice(at, at + bytes.length)) === bytes;
}
