import { deletedBy, saidOf } from '@sotto/crypto';
import type { AccountId, FileId, RoomId } from '@sotto/protocol';
import type { Transaction } from '../../../seams/index.ts';
import type { Draft } from '../../../state.ts';
import { filesOf } from '../../files/shared.ts';
import type { EntryRow, FileRow } from '../../rows.ts';
import { entriesAfter } from '../room-rows.ts';

/** What is left of a message at rest; the deletion, which stands in the log too, says what it was. */
const SCRUBBED = { kind: 'unknown', name: 'deleted' } as const;

/** Messages that are gone, by their positions: whose, and the words that they had. */
export type Gone = ReadonlyMap<number, { readonly account: AccountId; readonly words: readonly string[] }>;

/**
 * What its author deleted does not rest on this device any more, beside not being shown (attack 30: the author's word only):
 * its words and what it says of its files, their copies, and what it was edited to, in whichever order that came.
 * @param entries stored already; all that is behind a message that may have been deleted before it came is among them
 */
export async function scrubDeleted(
  tx: Transaction,
  room: RoomId,
  entries: readonly EntryRow[],
): Promise<Gone> {
  const gone = new Map<number, { account: AccountId; words: string[] }>();
  for (const entry of entries) {
    const deleted = deletionOf(entry);
    const target = deleted ?? editOf(entry)?.target;
    const row = target === undefined ? undefined : await tx.get<EntryRow>('entries', [room, target]);
    if (row?.what.type !== 'message' || row.account !== entry.account) continue;
    const scrubbed = isScrubbed(row);
    if (deleted === undefined && scrubbed) await scrubEdit(tx, room, entry);
    if (deleted === undefined || scrubbed) continue;
    gone.set(deleted, { account: row.account, words: [saidOf(row.what.content)?.body ?? ''] });
    for (const { file } of filesOf(row)) await doomCopy(tx, room, file);
    await tx.put('entries', [room, deleted], { ...row, what: { ...row.what, content: SCRUBBED } });
  }
  if (gone.size === 0) return gone;
  for (const later of await entriesAfter(tx, room, Math.min(...gone.keys()))) {
    const edit = editOf(later);
    const message = edit && gone.get(edit.target);
    if (message?.account !== later.account) continue;
    message.words.push(edit?.body ?? '');
    await scrubEdit(tx, room, later);
  }
  return gone;
}

/** An edit of a message that is gone ends, where nothing was written to it: its words were the message's. */
export const draftAfter = (draft: Draft, gone: Gone): Draft =>
  draft.edit && gone.get(draft.edit.position)?.words.includes(draft.edit.text)
    ? { ...draft, edit: null }
    : draft;

const deletionOf = ({ what }: EntryRow): number | undefined =>
  what.type === 'message' ? (deletedBy(what.content) ?? undefined) : undefined;

const editOf = ({ what }: EntryRow) =>
  what.type === 'message' && what.content.kind === 'edit' ? what.content : undefined;

const isScrubbed = ({ what }: EntryRow): boolean =>
  what.type === 'message' && what.content.kind === SCRUBBED.kind && what.content.name === SCRUBBED.name;

async function scrubEdit(tx: Transaction, room: RoomId, entry: EntryRow): Promise<void> {
  const edit = editOf(entry);
  if (!edit || edit.body === '') return;
  await tx.put('entries', [room, entry.position], {
    ...entry,
    what: { ...entry.what, content: { ...edit, body: '' } },
  });
}

/** The copy here goes as soon as nobody holds it, also after a crash. */
async function doomCopy(tx: Transaction, room: RoomId, file: FileId): Promise<void> {
  const row = await tx.get<FileRow>('files', [file]);
  if (!row || row.state === 'doomed') return;
  await tx.put<FileRow>('files', [file], { state: 'doomed', file, room, after: null, here: true });
}
