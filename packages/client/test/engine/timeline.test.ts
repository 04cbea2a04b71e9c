import { expect, test } from 'vitest';
import type { EntryRow, RoomRow } from '../../src/engine/rows.ts';
import { RoomTimeline } from '../../src/engine/timeline/timeline.ts';
import { noFailure } from './support/no-failure.ts';
import { roomRow, someone, text } from './support/rows.ts';

const [me, ann] = [someone(), someone()];
const said = [text(1, ann, 'a'), text(2, ann, 'b')];

/** A conversation of which nothing is stored at first. */
async function opened() {
  const whole = await roomRow([me, ann]);
  const at = (position: number): RoomRow => ({
    ...whole,
    earliest: 0,
    start: { ...whole.start, position: 0 },
    oldest: { ...whole.oldest, position: 0 },
    state: { ...whole.state, position },
  });
  const now = { row: at(0), stored: [] as EntryRow[], waits: Promise.resolve() };
  const rows = {
    peek: () => now.row,
    receipts: () => [],
    headers: async () => [],
    async lastEntries() {
      await now.waits;
      return now.stored;
    },
    async entries() {
      await now.waits;
      return now.stored;
    },
  };
  const timeline = new RoomTimeline(whole.room, {
    rows,
    outbox: () => [],
    self: me,
    hears: () => true,
    readNow: () => Promise.resolve(),
    fetchOlder: () => Promise.resolve(false),
    background: noFailure,
  });
  await settled();
  return { timeline, now, at };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const bodies = ({ state }: RoomTimeline) =>
  state.items.map((item) => (item.type === 'message' ? item.body : item.type));

test('what is asked for as older while it arrives as new stands there once', async () => {
  const { timeline, now, at } = await opened();
  expect(bodies(timeline)).toEqual([]);
  const read = Promise.withResolvers<void>();
  Object.assign(now, { row: at(2), stored: said, waits: read.promise });
  timeline.refresh(); // the row is published before its entries
  expect(timeline.state.hasOlder).toBe(true);
  const older = timeline.loadOlder();
  timeline.append(said);
  await settled();
  read.resolve();
  await older;
  await settled();
  expect(bodies(timeline)).toEqual(['a', 'b']);
});
