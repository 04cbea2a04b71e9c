import { compile } from '@sotto/words/compile';
import type { Plugin } from 'vite';

const CATALOGUE = /\/src\/texts\/[a-z]{2,3}\/(?:first|opened)\.ts$/;
const READER = '@formatjs/icu-messageformat-parser';

/** Reads the messages of every language while the page is built, and leaves their reader out of it. */
export function catalogues(): Plugin {
  return {
    name: 'sotto-catalogues',
    apply: 'build',
    enforce: 'pre',
    config: () => ({
      resolve: { alias: [{ find: new RegExp(`^${READER}$`), replacement: `${READER}/no-parser.js` }] },
    }),
    async load(id) {
      if (!CATALOGUE.test(id)) return null;
      const module = (await import(id)) as Readonly<Record<string, Parameters<typeof compile>[0]>>;
      return Object.entries(module)
        .map(([name, catalogue]) => `export const ${name} = ${JSON.stringify(compile(catalogue))};\n`)
        .join('');
    },
  };
}
