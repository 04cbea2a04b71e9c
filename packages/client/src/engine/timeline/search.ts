import type { RoomId } from '@sotto/protocol';
import type { SearchHit } from '../../api.ts';
import { filesIn } from '../../message-item.ts';
import type { TimelineItem } from '../../state.ts';
import type { EngineParts } from '../parts.ts';
import type { RoomContext } from '../rooms/context.ts';
import { project } from './project.ts';

/** So many of a room's newest entries are looked through. */
const SEARCHED = 5_000;

type Needs = Pick<RoomContext, 'consent' | 'keys'> & Pick<EngineParts, 'rows' | 'outbox'>;

/** Messages whose text, or names of files, have all words, newest first; in no room that was not accepted. */
export async function search(
  { consent, keys, rows, outbox }: Needs,
  query: string,
  limit: number,
): Promise<readonly SearchHit[]> {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits: SearchHit[] = [];
  for (const row of rows.all()) {
    if (consent.ofRow(row) !== 'open') continue;
    const items = project({
      entries: await rows.lastEntries(row.room, row.state.position, SEARCHED),
      outbox: outbox.items(row.room),
      lines: [],
      receipts: [],
      self: keys.self,
      members: [],
      hears: (account) => consent.hears(account),
      entitled: () => true,
    });
    hits.push(...items.flatMap((item) => hitOf(row.room, item, words)));
  }
  return hits.sort((a, b) => b.time - a.time).slice(0, limit);
}

/** By what is shown: what was edited is found by its new words, what was deleted not at all. */
function hitOf(room: RoomId, item: TimelineItem, words: readonly string[]): SearchHit[] {
  if (item.type !== 'message' || item.position === null || item.blocked || item.kind === 'deleted') return [];
  const { body, position, account, time } = item;
  const files = filesIn(item);
  const searched = [body, ...files.map(({ name }) => name)].join('\n').toLocaleLowerCase();
  if (!words.every((word) => searched.includes(word))) return [];
  return [{ room, position, account, time, body, ...(files.length > 0 ? { files } : {}) }];
}
