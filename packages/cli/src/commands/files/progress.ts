import { type Engine, type FileItem, filesIn } from '@sotto/client';
import type { FileId, RoomId } from '@sotto/protocol';
import { jsonLine } from '../../text/harmless.ts';
import { transferJson } from '../../text/json.ts';
import { transferLine } from '../../text/transfers.ts';
import type { Task } from '../command.ts';

/**
 * Shows how far files are while work goes on: one line that changes; with `--json` one value per change.
 * @param named the file's name; null for one that this work is not about
 */
export async function withProgress<T>(
  { engine, json, io }: Pick<Task, 'engine' | 'json' | 'io'>,
  named: (file: FileId) => string | null,
  work: () => Promise<T>,
): Promise<T> {
  const { transfers } = engine.files;
  const told = new Map<FileId, unknown>();
  const show = () => {
    const mine = [...transfers.state].flatMap(([file, transfer]) => {
      const name = named(file);
      return name === null ? [] : [{ file, transfer, name }];
    });
    for (const { file, transfer, name } of mine) {
      if (json && told.get(file) !== transfer) io.out(jsonLine(transferJson(file, name, transfer)));
      told.set(file, transfer);
    }
    const first = mine.find(({ transfer }) => ['sealing', 'running'].includes(transfer.state)) ?? mine[0];
    const more = mine.length > 1 ? `  ${io.texts.message.andMore({ count: mine.length - 1 })}` : '';
    io.progress(first ? `${transferLine(io.texts, first.transfer, first.name)}${more}` : '');
  };
  const stop = transfers.subscribe(show);
  show();
  try {
    return await work();
  } finally {
    stop();
    io.progress('');
  }
}

/** The files told of in a conversation, as far as it is loaded. */
export function filesShown(engine: Engine, room: RoomId): ReadonlyMap<FileId, FileItem> {
  const items = engine.timeline(room).state.items;
  return new Map(
    items.flatMap((item) =>
      item.type === 'message' ? filesIn(item).map((file): [FileId, FileItem] => [file.file, file]) : [],
    ),
  );
}
