import { filesIn, type TimelineState, type Transfer } from '@sotto/client';
import type { FileId } from '@sotto/protocol';
import { transferLine } from '../text/transfers.ts';

const SHOWN = 3;

/** Files on their way, a line each: those of the open conversation first. */
export function transferLines(
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
    .map(([file, transfer]) => transferLine(transfer, names.get(file) ?? 'in another conversation'));
  return all.length > SHOWN ? [...lines, `  and ${all.length - SHOWN} more`] : lines;
}
