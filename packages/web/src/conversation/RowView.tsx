import type { SystemItem, UnreadableItem } from '@sotto/client';
import { memo } from 'react';
import { useEngineState, useRoom, useTimeline } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { useFirstTexts, useTexts } from '../texts/context.tsx';
import { machineDay, machineTime } from '../texts/time.ts';
import { addedWords, eventWords, ruleWords } from './event-words.ts';
import { MessageRow } from './MessageRow.tsx';
import type { Row } from './rows.ts';

/** One row of the list, whatever it is. */
export function RowView({
  row,
  room,
  hasOlder,
  loading,
  highlighted,
  onFocusKey,
}: {
  row: Row;
  room: RoomId;
  hasOlder: boolean;
  loading: boolean;
  highlighted: boolean;
  onFocusKey: (key: string | null) => void;
}) {
  const texts = useTexts();
  switch (row.type) {
    case 'top':
      return <TopRow room={room} hasOlder={hasOlder} loading={loading} />;
    case 'day':
      return <DayRow time={row.time} />;
    case 'new':
      return (
        <p className="row-line new-line">
          <span>{texts.room.newMessages}</span>
        </p>
      );
    case 'message':
      return (
        <MessageRow
          room={room}
          item={row.item}
          first={row.first}
          last={row.last}
          highlighted={highlighted}
          onFocusKey={onFocusKey}
        />
      );
    case 'system':
      return <SystemRow room={room} items={row.items} />;
    case 'unreadable':
      return <UnreadableRow item={row.item} count={row.count} />;
  }
}

const TopRow = memo(function TopRow({
  room: id,
  hasOlder,
  loading,
}: {
  room: RoomId;
  hasOlder: boolean;
  loading: boolean;
}) {
  const texts = useTexts();
  const room = useRoom(id);
  const { timeline } = useTimeline(id);
  const run = useRun();
  if (!room) return null;
  if (!hasOlder) {
    return (
      <p className="row-system top">
        {room.kind === 'direct'
          ? texts.room.start({ title: room.title })
          : texts.room.startGroup({ title: room.title })}
      </p>
    );
  }
  return (
    <div className="row-system top">
      {loading ? (
        <p role="status">{texts.room.loading}</p>
      ) : (
        <Button kind="quiet" onClick={() => run(timeline.loadOlder())}>
          {texts.room.loadOlder}
        </Button>
      )}
    </div>
  );
});

const DayRow = memo(function DayRow({ time }: { time: number }) {
  const texts = useFirstTexts();
  const now = useNow(60_000);
  return (
    <h2 className="row-line day">
      <time dateTime={machineDay(time)}>{texts.local.day(time, now)}</time>
    </h2>
  );
});

const SystemRow = memo(function SystemRow({
  room: id,
  items,
}: {
  room: RoomId;
  items: readonly SystemItem[];
}) {
  const texts = useTexts();
  const room = useRoom(id);
  const words = useEngineState((state) => {
    const [item] = items;
    if (!item) return '';
    if (items.length === 1) return eventWords(texts, state, room, item);
    const people = items.flatMap(({ event }) => (event.type === 'added' ? [event.account] : []));
    return addedWords(texts, state, room, { by: item.account, people });
  });
  const [item] = items;
  if (!item) return null;
  const { event } = item;
  const alarm = event.type === 'alarm' || event.type === 'refused-entry' ? event.alarm : null;
  return (
    <div className={alarm || event.type === 'identity' ? 'row-system warns' : 'row-system'}>
      <p>
        {words}{' '}
        <time dateTime={machineTime(item.time)} title={texts.local.exact(item.time)}>
          {texts.local.clock(item.time)}
        </time>
      </p>
      {alarm && (
        <details>
          <summary>{texts.words.details}</summary>
          {ruleWords(texts, alarm)}
        </details>
      )}
    </div>
  );
});

const UnreadableRow = memo(function UnreadableRow({ item, count }: { item: UnreadableItem; count: number }) {
  const texts = useTexts();
  const t = texts.message;
  return (
    <p className="row-system">
      {item.reason === 'before-joining' ? t.beforeJoining({ count }) : t.requested({ count })}
    </p>
  );
});
