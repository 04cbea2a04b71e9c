import type { Observable, TimelineState } from '@sotto/client';
import { Box, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { useEffect, useReducer, useRef } from 'react';
import { BottomBar, TopBar } from './bars.ts';
import { Controller } from './controller.ts';
import { Conversation } from './conversation.ts';
import { entriesOf } from './entries.ts';
import { h } from './h.ts';
import { actionsOf } from './keys.ts';
import { List } from './list.ts';
import { useObservable } from './observe.ts';
import type { OpenSession } from './orders.ts';
import { PanelPane } from './panel.ts';
import { Text } from './text.ts';
import { TextsContext, useTexts } from './texts.ts';
import { layoutOf, modeOf } from './view.ts';

const NO_TIMELINE: Observable<TimelineState> = {
  state: { items: [], hasOlder: false, loadingOlder: false, readAtOpen: 0 },
  subscribe: () => () => undefined,
};

/** The whole screen. */
export function App({ engine, server, texts }: OpenSession) {
  const state = useObservable(engine);
  const controller = useController({ engine, server, texts });
  const { view } = controller;
  const room = view.room === null ? undefined : state.rooms.get(view.room);
  const timeline = useObservable(room ? engine.timeline(room.room) : NO_TIMELINE);
  const transfers = useObservable(engine.files.transfers);
  const size = useWindowSize();
  const layout = layoutOf(size);
  const now = useNow(state.connection.status === 'offline');
  const entries = entriesOf(state);
  const page = Math.max(1, Math.floor(layout.height / 2));

  // What keys mean is asked at each key: the last rendering can be behind it.
  useInput((input, key) => {
    for (const action of actionsOf(input, key, modeOf(controller.view), page)) controller.act(action);
  });
  usePaste((text) => {
    if (['write', 'prompt'].includes(modeOf(controller.view))) controller.act({ type: 'insert', text });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line, and each return to the end, is seen
  useEffect(() => controller.seen(), [controller, room?.room, timeline.items, view.scrolled, view.selected]);

  const chosen = Math.max(
    0,
    entries.findIndex((entry) => entry.key === view.chosen),
  );
  const list = h(List, {
    entries,
    chosen,
    open: view.room,
    focused: view.focus === 'list',
    width: layout.list,
    height: layout.height,
  });
  const conversation = room
    ? h(Conversation, {
        room,
        timeline,
        transfers,
        state,
        now,
        view,
        width: layout.conversation,
        height: layout.height,
      })
    : h(Welcome, { width: layout.conversation, height: layout.height, alone: entries.length === 0 });
  const panes = layout.narrow ? [view.focus !== 'list' && room ? conversation : list] : [list, conversation];
  return h(
    TextsContext,
    { value: texts },
    h(
      Box,
      { flexDirection: 'column', width: size.columns, height: size.rows, overflow: 'hidden' },
      h(TopBar, { state, now }),
      view.panel
        ? h(PanelPane, { panel: view.panel, height: layout.height })
        : h(Box, { height: layout.height }, ...panes),
      h(BottomBar, { view }),
    ),
  );
}

function Welcome({ width, height, alone }: { width: number; height: number; alone: boolean }) {
  const { pane } = useTexts();
  return h(
    Box,
    {
      width,
      height,
      borderStyle: 'round',
      borderColor: 'gray',
      alignItems: 'center',
      justifyContent: 'center',
    },
    h(Text, { dimColor: true }, alone ? pane.first : pane.choose),
  );
}

/** One controller for the life of the screen; renders whenever its view is replaced. */
function useController(session: OpenSession): Controller {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const { exit } = useApp();
  const controller = useRef<Controller>(null);
  controller.current ??= new Controller(session, {
    changed: render,
    quit: () => exit(),
    fault: (error) => exit(error instanceof Error ? error : new Error(String(error))),
  });
  return controller.current;
}

/** The time now; each second anew where something counts down. */
function useNow(ticking: boolean): number {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [ticking]);
  return Date.now();
}
