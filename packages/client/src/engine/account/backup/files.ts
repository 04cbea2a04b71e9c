import { type Attachment, sealedSize, VerificationError } from '@sotto/crypto';
import type { BackupAbsent, BackupRecord, FileId, RoomId } from '@sotto/protocol';
import type { BackupPlan, BackupWatch } from '../../../backup.ts';
import { ClientError } from '../../../error.ts';
import type { EngineCore } from '../../core.ts';
import { filesUpTo } from '../../files/shared.ts';
import type { RoomRow } from '../../rows.ts';

/** A file of a message, to be put into a backup. */
export interface PlacedFile {
  readonly room: RoomId;
  readonly position: number;
  readonly attachment: Attachment;
}

/** Conversations with something to read, also those that were left (M5); none that the account was only asked into. */
export const backedUpRooms = (core: EngineCore): RoomRow[] =>
  core.rows.all().filter((row) => row.state.header && core.consent.keeps(row));

/** What a backup would have in it. @throws ClientError 'unreachable' */
export async function planBackup(core: EngineCore, watch: BackupWatch): Promise<BackupPlan> {
  const rooms = backedUpRooms(core);
  const files = await findFiles(core, rooms, watch);
  const fileBytes = sumOf(files);
  return { conversations: rooms.length, files: files.length, fileBytes };
}

export const sumOf = (files: readonly PlacedFile[]): number =>
  files.reduce((sum, { attachment }) => sum + sealedSize(attachment.size), 0);

/** All files of these conversations, each one once; older pages are fetched for it. */
export async function findFiles(
  core: EngineCore,
  rooms: readonly RoomRow[],
  { onProgress, signal }: BackupWatch,
): Promise<PlacedFile[]> {
  const found = new Map<FileId, PlacedFile>();
  const total = rooms.length;
  for (const [done, { room, state }] of rooms.entries()) {
    onProgress?.({ work: 'looking', done, total, bytes: 0, totalBytes: 0 });
    while (await core.fetchOlder(room)) signal?.throwIfAborted();
    for await (const { entry, attachment } of filesUpTo(core.rows, room, state.position)) {
      signal?.throwIfAborted();
      if (attachment.size > LARGEST || found.has(attachment.file)) continue;
      // A preview would only take memory here.
      const bare = { ...attachment, thumbnail: undefined };
      found.set(attachment.file, { room, position: entry.position, attachment: bare });
    }
  }
  onProgress?.({ work: 'looking', done: total, total, bytes: 0, totalBytes: 0 });
  return [...found.values()];
}

/** Attack 29: what a message may say of a size, and no file can have. */
const LARGEST = 2 ** 50;

/** A file with its pieces, or why it is not in the backup. @throws ClientError 'unreachable' */
export async function* fileRecords(
  core: EngineCore,
  { room, position, attachment }: PlacedFile,
  signal: AbortSignal,
): AsyncGenerator<BackupRecord> {
  const { file, name, hash } = attachment;
  const about = { v: 1, room, position, file, name, size: sealedSize(attachment.size) } as const;
  let begun = false;
  try {
    for await (const bytes of core.files.sealedCopy(attachment, signal)) {
      // Only now: of most that cannot be had, no byte comes.
      if (!begun) yield { ...about, t: 'file', hash };
      begun = true;
      yield { v: 1, t: 'piece', bytes };
    }
  } catch (error) {
    const reason = whyAbsent(error);
    if (!reason) throw error;
    yield { ...about, t: 'absent', reason };
  }
}

function whyAbsent(error: unknown): BackupAbsent['reason'] | null {
  if (error instanceof VerificationError) return 'damaged';
  return error instanceof ClientError && error.code === 'not_found' ? 'gone' : null;
}
