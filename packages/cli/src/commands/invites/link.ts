import type { Arguments } from '../arguments.ts';
import type { Want } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** Null: asked for. It is a secret (R7). */
interface Linked {
  readonly link: string | null;
}

/** What a command takes that is about a link. @param usage the command's words */
export const linked = (usage: string) => ({
  usage,
  read(line: Arguments): Linked {
    const link = line.maybe();
    if (link === null || link === '-') return { link: null };
    // R7: whoever reads the link can come in with it.
    if (line.inside) return { link };
    throw new UsageError((t) => t.wrong.linkIsSecret({ usage }));
  },
  wants: ({ link }: Linked): Want<Linked> | null =>
    link === null ? { question: (t) => t.ask.link, with: (text) => ({ link: text.trim() }) } : null,
});

/** What stands behind `#/join/`; of a link, or on its own. @throws UsageError where nothing is given */
export function fragmentOf(link: string | null): string {
  // A terminal may have broken it into lines where it was copied.
  const text = (link ?? '').replace(/\s+/g, '').replace(/^.*#\/?(?:join\/)?/, '');
  if (text === '') throw new UsageError((t) => t.wrong.link);
  return text;
}
