import { LinkifyIt } from 'linkify-it';

export interface Link {
  readonly type: 'link';
  /** As it was written. */
  readonly text: string;
  readonly href: string;
  /** The host that it really leads to, where it is written otherwise; null where one reads it. */
  readonly host: string | null;
}

/** Where an address ends is told by its rules: as a reader would cut it, in any script. */
const recogniser = new LinkifyIt({ fuzzyEmail: false });
/** What nobody sees (controls, marks of direction, joiners) does not belong to an address. */
const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}]/u;
/** UTF-16 units; nobody reads longer ones. */
const LONGEST = 2_048;

/** The http or https address that begins at a position with this scheme; null where it is none. */
export function linkAt(text: string, at: number, scheme: string): Link | null {
  const ahead = text.slice(at, at + LONGEST);
  const seen = ahead.slice(0, ahead.search(HIDDEN) >>> 0);
  const length = recogniser.testSchemaAt(seen, scheme.toLowerCase(), scheme.length);
  const written = seen.slice(0, scheme.length + length);
  if (length === 0 || !URL.canParse(written)) return null;
  const { protocol, host, href } = new URL(written);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const reads = written.toLowerCase().startsWith(`${protocol}//${host}`);
  return { type: 'link', text: written, href, host: reads ? null : host };
}
