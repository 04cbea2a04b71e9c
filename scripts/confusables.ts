/**
 * Writes packages/protocol/src/names/confusables.json: what of Unicode's confusables.txt can stand in a name, by what it looks
 * like. `node scripts/confusables.ts FILE`, where FILE is that of Unicode (https://www.unicode.org/Public/security/) or
 * `data.json` of the npm package unhomoglyph, which carries it. Read last: that of 1.0.6, Unicode 13.0.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mayStandInName } from '../packages/protocol/src/names/name.ts';

type Pair = readonly [source: string, target: string];

const [path = ''] = process.argv.slice(2);
const file = readFileSync(path, 'utf8');
const pairs = path.endsWith('.json') ? Object.entries(JSON.parse(file) as Record<string, string>) : lines();

/** Lines such as `0430 ;	0061 ;	MA	# …`. */
function lines(): Pair[] {
  const text = (codes = '') =>
    String.fromCodePoint(...codes.split(' ').map((code) => Number.parseInt(code, 16)));
  return [...file.matchAll(/^\ufeff?([\dA-F]+)\s*;\s*([\dA-F ]+?)\s*;\s*MA\b/gm)].map(
    ([, source, target]): Pair => [text(source), text(target)],
  );
}

const looks = new Map<string, string>();
for (const [source, target] of pairs) {
  // A source that decomposes is never met: skeletons are made of decomposed text.
  if (source === target || source.normalize('NFD') !== source || !mayStandInName(source)) continue;
  const prototype = target.normalize('NFD');
  looks.set(prototype, (looks.get(prototype) ?? '') + source);
}
const sorted = [...looks].sort(([a], [b]) => (a < b ? -1 : 1));
const to = join(import.meta.dirname, '../packages/protocol/src/names/confusables.json');
writeFileSync(to, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
process.stdout.write(`${looks.size} looks, ${[...looks.values()].join('').length} code units\n`);
