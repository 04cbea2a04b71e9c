/** Enough to tell a container by, and two packets of a camera's stream. */
const LOOKED_AT = 400;

const ANY = '?';

/** How kinds begin that this page draws anew or takes apart. */
const PICTURES: readonly (readonly [begins: string, type: string])[] = [
  ['\xff\xd8\xff', 'image/jpeg'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['RIFF????WEBP', 'image/webp'],
  ['\0\0??ftypavif', 'image/avif'],
  ['\0\0??ftypavis', 'image/avif'],
];

/** What else cameras and phones write, each with room for place and camera. */
const OTHERS: readonly string[] = [
  '\0\0??ftyp', // HEIC, MP4, QuickTime, 3GPP, CR3
  ...['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].map((box) => `\0???${box}`),
  ...['II*\0', 'MM\0*', 'II+\0', 'MM\0+'], // TIFF, DNG and most raw pictures
  ...['IIRO', 'IIRS', 'MMOR', 'IIU\0', 'FUJIFILM'],
  ...['\xff\x0a', '\0\0\0\x0cJXL '],
  ...['RIFF????AVI ', '\x1a\x45\xdf\xa3', '\0\0\x01\xba'],
  ...[`G${ANY.repeat(187)}G`, `${ANY.repeat(4)}G${ANY.repeat(191)}G`], // a camera's stream
];

const beginsWith = (bytes: Uint8Array, begins: string): boolean =>
  begins.length <= bytes.length && [...begins].every((c, at) => c === ANY || bytes[at] === c.charCodeAt(0));

/** What a file is by its first bytes: systems name it by its ending, in another way, or not at all. @throws Error where they cannot be read */
export async function firstBytesOf(
  file: Blob,
): Promise<{ readonly picture: string | null; readonly ofCamera: boolean }> {
  const bytes = new Uint8Array(await file.slice(0, LOOKED_AT).arrayBuffer());
  const picture = PICTURES.find(([begins]) => beginsWith(bytes, begins))?.[1] ?? null;
  return { picture, ofCamera: picture !== null || OTHERS.some((begins) => beginsWith(bytes, begins)) };
}
