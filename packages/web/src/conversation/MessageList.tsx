import type { TimelineItem } from '@sotto/client';
import { memo, useCallback, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useTimeline } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { ContainedRow } from '../contain/Contained.tsx';
import { DownIcon } from '../design/icons.tsx';
import { ListItem } from './ListItem.tsx';
import { RowView } from './RowView.tsx';
import { buildRows, type Row } from './rows.ts';
import { useMessageKeys } from './use-message-keys.ts';
import { useNewLine } from './use-new-line.ts';
import { useReadMarks } from './use-read-marks.ts';
import { useScroll } from './use-scroll.ts';
import './message-list.css';
import { useTexts } from '../texts/context.tsx';

/** The messages, only those on the screen rendered; opens at the first unread one. */
export const MessageList = memo(function MessageList({ room, at }: { room: RoomId; at: number | null }) {
  const texts = useTexts();
  const { timeline, state } = useTimeline(room);
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLElement>(null);
  const newFrom = useNewLine(room, state);
  const rows = useMemo(() => buildRows(state.items, newFrom), [state.items, newFrom]);
  const prepended = usePrepended(state.items);
  const scroll = useScroll({ list, scroller, rows, state, timeline, at });
  const [focused, setFocused] = useState<string | null>(null);
  const keys = useMessageKeys(scroller);
  useReadMarks({ room, state, atEnd: scroll.atEnd, placed: scroll.placed });

  const focusedIndex = useMemo(
    () => (focused === null ? -1 : rows.findIndex((row) => row.key === focused)),
    [rows, focused],
  );
  const render = useCallback(
    (row: Row) => (
      <ContainedRow key={row.key} of={row}>
        <RowView
          row={row}
          room={room}
          hasOlder={state.hasOlder}
          loading={state.loadingOlder}
          highlighted={row.type === 'message' && at !== null && row.item.position === at}
          onFocusKey={setFocused}
        />
      </ContainedRow>
    ),
    [room, state.hasOlder, state.loadingOlder, at],
  );
  return (
    <div className="message-pane">
      <section
        ref={scroller}
        className="scroller"
        aria-label={texts.room.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region takes the keyboard
        tabIndex={0}
        onKeyDown={keys}
      >
        <div className="scroller-spring" />
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          data={rows}
          shift={prepended}
          as="ol"
          item={ListItem}
          keepMounted={focusedIndex < 0 ? [] : [focusedIndex]}
          onScroll={scroll.onScroll}
          onResize={scroll.onResize}
        >
          {render}
        </Virtualizer>
      </section>
      {scroll.away && (
        <button
          type="button"
          className="jump-down"
          aria-label={scroll.below > 0 ? texts.room.jumpCount({ count: scroll.below }) : texts.room.jump}
          title={texts.room.jump}
          onClick={scroll.toEnd}
        >
          {scroll.below > 0 && <span className="badge">{scroll.below > 99 ? '99+' : scroll.below}</span>}
          <DownIcon />
        </button>
      )}
    </div>
  );
});

/** Whether this render added items before the ones of the last: virtua then keeps the position. */
function usePrepended(items: readonly TimelineItem[]): boolean {
  const [seen, setSeen] = useState({ items, prepended: false });
  if (seen.items === items) return seen.prepended;
  const first = seen.items[0];
  const prepended = first !== undefined && items[0] !== undefined && items[0].key !== first.key;
  setSeen({ items, prepended });
  return prepended;
}
