import { render } from 'ink';
import type { Io } from '../io.ts';
import type { Session } from '../session/enter.ts';
import { App } from './app.ts';
import { h } from './h.ts';

/** Shows the full screen until the person quits; the terminal is as it was afterwards. */
export async function openScreen(
  { engine, server }: Session,
  { texts, ended }: Pick<Io, 'texts' | 'ended'>,
): Promise<void> {
  const screen = render(h(App, { engine, server, texts }), {
    alternateScreen: true,
    // The caller knows that both ends are a terminal, also where CI is set.
    interactive: true,
    exitOnCtrlC: false, // the draft is kept first
    incrementalRendering: true,
  });
  const end = () => screen.unmount();
  ended.addEventListener('abort', end);
  if (ended.aborted) end();
  await screen.waitUntilExit();
}
