import type { SystemItem, UnreadableItem } from '@sotto/client';
import { memo } from 'react';
import { useEngineState, useRoom, useTimeline } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { texts } from '../texts/index.ts';
import { clockTime, dayLabel, exactTime } from '../texts/time.ts';
import { eventWords, named } from '../texts/words.ts';
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
  const room = useRoom(id);
  const { timeline } = useTimeline(id);
  const run = useRun();
  if (!room) return null;
  if (!hasOlder) {
    return (
      <p className="row-system top">
        {room.kind === 'direct' ? texts.room.start(room.title) : texts.room.startGroup(room.title)}
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
  const now = useNow(60_000);
  return (
    <h2 className="row-line day">
      <time dateTime={new Date(time).toISOString().slice(0, 10)}>{dayLabel(time, now)}</time>
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
  const room = useRoom(id);
  const words = useEngineState((state) => {
    const [item] = items;
    if (!item) return '';
    if (items.length === 1) return eventWords(state, room, item);
    const added = items.flatMap(({ event }) =>
      event.type === 'added' ? [named(state, event.account, room).object] : [],
    );
    return texts.events.added(named(state, item.account, room), added);
  });
  const [item] = items;
  if (!item) return null;
  const { event } = item;
  const alarm = event.type === 'alarm' || event.type === 'refused-entry' ? event.alarm : null;
  return (
    <div className={alarm || event.type === 'identity' ? 'row-system warns' : 'row-system'}>
      <p>
        {words}{' '}
        <time dateTime={new Date(item.time).toISOString()} title={exactTime(item.time)}>
          {clockTime(item.time)}
        </time>
      </p>
      {alarm && (
        <details>
          <summary>{texts.words.details}</summary>
          {texts.events.ruleDetail(alarm.rule, alarm.detail)}
        </details>
      )}
    </div>
  );
});

const UnreadableRow = memo(function UnreadableRow({ item, count }: { item: UnreadableItem; count: number }) {
  const t = texts.message;
  return (
    <p className="row-system">
      {item.reason === 'before-joining' ? t.beforeJoining(count) : t.requested(count)}
    </p>
  );
});
