/** Bytes of a name here: room for a number, and for the name it has while it is written. */
const LONGEST = 180;
const LONGEST_ENDING = 20;

/** Joins letters of some scripts and emoji; invisible on its own, and harmless between them. */
const JOINERS = ['\u200c', '\u200d'];

/** Names that mean a device on some systems. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name for the disk from what a sender chose (attack 31): one part of a path, nothing that steers a terminal or turns
 * the reading direction, nothing hidden, nothing that another system reads as more than a name.
 */
export function safeFileName(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, (sign) => (JOINERS.includes(sign) ? sign : ''))
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, (dots) => '_'.repeat(dots.length))
    .replace(/[. ]+$/, '');
  const named = DEVICES.test(plain) ? `_${plain}` : plain;
  const [stem, ending] = stemAndEnding(named === '' ? 'file' : named);
  return `${cut(stem, LONGEST - Buffer.byteLength(ending))}${ending}`;
}

/** The name with a number, for where the name is taken. */
export function numberedName(name: string, number: number): string {
  if (number < 2) return name;
  const [stem, ending] = stemAndEnding(name);
  return `${stem} (${number})${ending}`;
}

function stemAndEnding(name: string): [stem: string, ending: string] {
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 ? name.slice(dot) : '';
  return Buffer.byteLength(ending) > LONGEST_ENDING
    ? [name, '']
    : [name.slice(0, name.length - ending.length), ending];
}

/** As many whole characters as fit. */
function cut(text: string, bytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}
