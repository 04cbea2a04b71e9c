import { filesIn, type TimelineState, type Transfer } from '@sotto/client';
import type { FileId } from '@sotto/protocol';
import { transferLine } from '../text/transfers.ts';
import type { Texts } from '../texts/texts.ts';

const SHOWN = 3;

/** Files on their way, a line each: those of the open conversation first. */
export function transferLines(
  t: Texts,
  transfers: ReadonlyMap<FileId, Transfer>,
  { items }: Pick<TimelineState, 'items'>,
): readonly string[] {
  if (transfers.size === 0) return [];
  const names = new Map(
    items.flatMap((item) =>
      item.type === 'message' ? filesIn(item).map(({ file, name }): [FileId, string] => [file, name]) : [],
    ),
  );
  const all = [...transfers].sort(([a], [b]) => Number(names.has(b)) - Number(names.has(a)));
  const lines = all
    .slice(0, SHOWN)
    .map(([file, transfer]) => transferLine(t, transfer, names.get(file) ?? t.transfer.elsewhere));
  return all.length > SHOWN ? [...lines, `  ${t.message.andMore({ count: all.length - SHOWN })}`] : lines;
}
