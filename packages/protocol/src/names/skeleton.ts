/**
 * Attack 49: what names look like (UTS 39, section 4). Apart from the rest of this package, since a page needs it only where it
 * meets somebody new, and the table is a third of all its other text.
 *
 * `confusables.json` is what of Unicode's confusables.txt can stand in a name, as `scripts/confusables.ts` writes it:
 * © Unicode, Inc., under the Unicode License v3 (https://www.unicode.org/license.txt).
 */
import confusables from './confusables.json' with { type: 'json' };
import { foldName, normaliseName } from './name.ts';

const PROTOTYPES = new Map(
  Object.entries(confusables).flatMap(([prototype, sources]) =>
    [...sources].map((source) => [source, prototype] as const),
  ),
);

/** The skeleton of UTS 39: texts that look alike have one. Nothing to show to anybody. */
function skeletonOf(text: string): string {
  const letters = [...text.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '')];
  return letters
    .map((letter) => PROTOTYPES.get(letter) ?? letter)
    .join('')
    .normalize('NFD');
}

/** How a name looks as it is written, and in small letters: names that share the one or the other are easily taken for another. */
export function looksOf(name: string): { readonly written: string; readonly small: string } {
  return { written: skeletonOf(normaliseName(name)), small: skeletonOf(foldName(name)) };
}
