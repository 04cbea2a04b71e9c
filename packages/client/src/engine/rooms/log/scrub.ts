import { deletedBy, saidOf } from '@sotto/crypto';
import type { AccountId, FileId, RoomId } from '@sotto/protocol';
import type { Transaction } from '../../../seams/index.ts';
import type { Draft } from '../../../state.ts';
import { filesOf } from '../../files/shared.ts';
import type { EntryRow, FileRow } from '../../rows.ts';

/** What is left of a message at rest; the deletion, which stands in the log too, says what it was. */
const SCRUBBED = { kind: 'unknown', name: 'deleted' } as const;

/** Whose a message was that is gone, and the words that it had. */
interface GoneMessage {
  readonly account: AccountId;
  readonly words: readonly string[];
}

/** Messages that are gone, by their positions. */
export type Gone = ReadonlyMap<number, GoneMessage>;

interface ChangeRow {
  readonly position: number;
}

/**
 * What its author deleted does not rest on this device any more, beside not being shown (attack 30: the author's word only):
 * its words and what it says of its files, their copies, and what it was edited to, in whichever order that came.
 * @param entries stored already, in this transaction
 * @param when 'late' where what changes them may have come before: an older page, a message that opened later
 */
export async function scrubDeleted(
  tx: Transaction,
  room: RoomId,
  entries: readonly EntryRow[],
  when: 'new' | 'late' = 'new',
): Promise<Gone> {
  const deleted = new Set<number>();
  for (const entry of entries) {
    const { position } = entry;
    if (when === 'late') deleted.add(position);
    const target = deletionOf(entry) ?? editOf(entry)?.target;
    if (target === undefined) continue;
    await tx.put<ChangeRow>('changes', [room, target, position], { position });
    if (deletionOf(entry) !== undefined) deleted.add(target);
    else await scrubLateEdit(tx, room, entry, target);
  }
  const gone = new Map<number, GoneMessage>();
  for (const target of deleted) {
    const message = await scrubMessage(tx, room, target);
    if (message) gone.set(target, message);
  }
  return gone;
}

/** @returns what was there; undefined where it stays, or had gone before */
async function scrubMessage(tx: Transaction, room: RoomId, target: number): Promise<GoneMessage | undefined> {
  const row = await tx.get<EntryRow>('entries', [room, target]);
  if (row?.what.type !== 'message' || isScrubbed(row)) return undefined;
  const changes: EntryRow[] = [];
  for (const { position } of await tx.range<ChangeRow>('changes', { prefix: [room, target] })) {
    const change = await tx.get<EntryRow>('entries', [room, position]);
    if (change?.account === row.account) changes.push(change);
  }
  if (!changes.some((change) => deletionOf(change) === target)) return undefined;
  const edits = changes.filter((change) => editOf(change)?.target === target);
  const words = [saidOf(row.what.content)?.body ?? '', ...edits.map((edit) => editOf(edit)?.body ?? '')];
  for (const edit of edits) await scrubEdit(tx, room, edit);
  for (const { file } of filesOf(row)) await doomCopy(tx, room, file);
  await tx.put('entries', [room, target], { ...row, what: { ...row.what, content: SCRUBBED } });
  return { account: row.account, words };
}

/** An edit by a device that did not know yet of the deletion. */
async function scrubLateEdit(tx: Transaction, room: RoomId, edit: EntryRow, target: number): Promise<void> {
  const row = await tx.get<EntryRow>('entries', [room, target]);
  if (row && isScrubbed(row) && row.account === edit.account) await scrubEdit(tx, room, edit);
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
