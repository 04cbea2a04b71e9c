import { plain } from './text/harmless.ts';
import type { Texts } from './texts/texts.ts';

/** Where a command's words come from and go to: this terminal, or another one that asked (see `session/desk.ts`). */
export interface Io {
  readonly texts: Texts;
  /** An answer, on standard output. */
  out(line: string): void;
  /** A remark beside the answer, on standard error. */
  note(line: string): void;
  /** How far work is, in place of what was said before; empty once it is over. Nothing where no terminal shows it. */
  progress(line: string): void;
  /** Done when the person ends the command. */
  readonly ended: AbortSignal;
}

/** The outputs of this process. Whatever is said, no control character of it gets out (attack 31). */
export function processIo(texts: Texts, ended: AbortSignal): Io {
  const { stdout, stderr } = process;
  let shown = '';
  const progress = (line: string) => {
    if (!stderr.isTTY || line === shown) return;
    shown = line;
    // Back to the start of the line and erase it: both streams may be one screen.
    stderr.write(
      `\r\u001b[K${plain(line)
        .replace(/[\n\t]/g, ' ')
        .slice(0, Math.max(0, stderr.columns - 1))}`,
    );
  };
  const above = (write: () => void) => {
    const kept = shown;
    progress('');
    write();
    progress(kept);
  };
  return {
    texts,
    out: (line) => above(() => void stdout.write(`${plain(line)}\n`)),
    note: (line) => above(() => void stderr.write(`${plain(line)}\n`)),
    progress,
    ended,
  };
}
