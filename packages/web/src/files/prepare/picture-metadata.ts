/**
 * A picture without what it says of its making: comments, programs, place, camera. The rest stays byte for byte: for what moves, which
 * drawn anew would stand still, and what this browser cannot draw.
 * @returns null where the bytes cannot be taken apart, or are of a kind not known here
 */
export async function withoutMetadata(file: Blob, type: string): Promise<Blob | null> {
  const kept = KEPT[type]?.(new Uint8Array(await file.arrayBuffer()));
  return kept ? new Blob(kept, { type }) : null;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** What is kept of each kind, in parts; null where it is not well-formed. */
const KEPT: Readonly<Record<string, (bytes: Bytes) => Bytes[] | null>> = {
  'image/gif': keptOfGif,
  'image/jpeg': keptOfJpeg,
  'image/png': keptOfPng,
  'image/webp': keptOfWebp,
};

const textAt = (bytes: Bytes, at: number, length: number) =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** Bytes of a table of colours, as the flags before it say. */
const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

const [EXTENSION, IMAGE, TRAILER] = [0x21, 0x2c, 0x3b];
const [CONTROL, APPLICATION, PLAIN_TEXT] = [0xf9, 0xff, 0x01];
/** The only application blocks that say how to show it: how often it repeats. */
const REPEATS = ['NETSCAPE2.0', 'ANIMEXTS1.0'];

function keptOfGif(bytes: Bytes): Bytes[] | null {
  if (!/^GIF8[79]a$/.test(textAt(bytes, 0, 6))) return null;
  let at = 13 + colours(bytes[10] ?? 0);
  const kept = [bytes.subarray(0, at)];
  for (;;) {
    const [kind, label] = [bytes[at], bytes[at + 1]];
    if (kind === TRAILER) return [...kept, bytes.subarray(at, at + 1)]; // what hides behind it goes too
    let end: number | null = null;
    if (kind === EXTENSION) end = afterBlocks(bytes, at + 2);
    if (kind === IMAGE) end = afterBlocks(bytes, at + 11 + colours(bytes[at + 9] ?? 0));
    if (end === null) return null;
    const repeats = label === APPLICATION && REPEATS.includes(textAt(bytes, at + 3, 11));
    if (kind === IMAGE || label === CONTROL || label === PLAIN_TEXT || repeats) {
      kept.push(bytes.subarray(at, end));
    }
    at = end;
  }
}

/** Where a row of blocks ends, each with its length before it; null where it does not. */
function afterBlocks(bytes: Bytes, start: number): number | null {
  for (let at = start; at < bytes.length; ) {
    const length = bytes[at] ?? 0;
    at += 1 + length;
    if (length === 0) return at;
  }
  return null;
}

/** Segments that say how to show it: JFIF without its thumbnail, the profile of its colours, Adobe's transform. */
const isShowing = (bytes: Bytes, at: number, marker: number): boolean => {
  const length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
  if (marker === 0xe0) return length === 16 && textAt(bytes, at + 4, 5) === 'JFIF\0';
  if (marker === 0xe2) return textAt(bytes, at + 4, 12) === 'ICC_PROFILE\0';
  return marker === 0xee && length === 14 && textAt(bytes, at + 4, 5) === 'Adobe';
};
const [COMMENT, SCAN, END] = [0xfe, 0xda, 0xd9];
const isApplication = (marker: number) => marker >= 0xe0 && marker <= 0xef;
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;

function keptOfJpeg(bytes: Bytes): Bytes[] | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const kept = [bytes.subarray(0, 2)];
  let scanned = false;
  for (let at = 2; at + 4 <= bytes.length || bytes[at + 1] === END; ) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) return null;
    if (marker === END) return [...kept, bytes.subarray(at, at + 2)]; // what hides behind it goes too
    if (marker === 0xff) {
      at += 1; // bytes that only fill
      continue;
    }
    const end = at + 2 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
    if (end > bytes.length) break;
    const tells = isApplication(marker) || marker === COMMENT;
    if (!tells || isShowing(bytes, at, marker)) kept.push(bytes.subarray(at, end));
    at = end;
    if (marker !== SCAN) continue;
    scanned = true;
    at = endOfScan(bytes, end);
    kept.push(bytes.subarray(end, at));
  }
  return scanned ? kept : null; // cut off within its picture
}

/** Where the marker behind a scan stands; the end of the bytes where it was cut off. */
function endOfScan(bytes: Bytes, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && !isRestart(next)) return at;
  }
  return bytes.length;
}

const PNG = '\x89PNG\r\n\x1a\n';
const PNG_CHUNKS = 'IHDR PLTE IDAT IEND acTL fcTL fdAT tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs'.split(
  ' ',
);

function keptOfPng(bytes: Bytes): Bytes[] | null {
  if (textAt(bytes, 0, 8) !== PNG) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const name = textAt(bytes, at + 4, 4);
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) return null;
    if (PNG_CHUNKS.includes(name)) kept.push(bytes.subarray(at, end));
    if (name === 'IEND') return kept;
    at = end;
  }
  return null;
}

const WEBP_CHUNKS = ['VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH', 'VP8 ', 'VP8L'];
/** Flags of VP8X: there are EXIF and XMP chunks. */
const SAYS_MORE = 0x0c;

function keptOfWebp(bytes: Bytes): Bytes[] | null {
  if (textAt(bytes, 0, 4) !== 'RIFF' || textAt(bytes, 8, 4) !== 'WEBP') return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = Math.min(bytes.length, 8 + view.getUint32(4, true));
  const kept: Bytes[] = [];
  for (let at = 12; at + 8 <= whole; ) {
    const name = textAt(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (end > whole) return null;
    if (name === 'VP8X' && length >= 10) {
      const chunk = bytes.slice(at, end);
      chunk[8] = (chunk[8] ?? 0) & ~SAYS_MORE;
      kept.push(chunk);
    } else if (WEBP_CHUNKS.includes(name)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (kept.length === 0) return null;
  const head = bytes.slice(0, 12);
  const size = kept.reduce((sum, { length }) => sum + length, 4);
  new DataView(head.buffer).setUint32(4, size, true);
  return [head, ...kept];
}
