import {
  decryptMessage,
  type EpochSecret,
  signingKeyOf,
  VerificationError,
  type VerifiedHeader,
  verifyMessage,
} from '@sotto/crypto';
import type { EntryRow, RoomRow } from '../../rows.ts';
import { alarmFrom, type RoomContext } from '../context.ts';
import { recounted } from '../log/activity.ts';
import { draftAfter, type Gone, scrubDeleted } from '../log/scrub.ts';
import { nameAfter } from '../membership/profile.ts';
import { entriesAfter, type RoomRows } from '../room-rows.ts';

/** R6: once an epoch's secret is here, opens what waited for it and names the room. */
export async function unlockEpoch(
  context: Pick<RoomContext, 'consent' | 'directory' | 'keys' | 'locks' | 'tabs'>,
  rows: RoomRows,
  header: VerifiedHeader,
  secretOf: () => Promise<EpochSecret | undefined>,
): Promise<void> {
  const { room, epoch } = header.header;
  await context.locks.exclusive(`room:${room}`, async () => {
    const secret = await secretOf();
    const row = await rows.reload(room);
    if (!secret || !row) return;
    // Messages of an epoch stand between its header and the next.
    const from = (await rows.header(room, epoch))?.position ?? 0;
    const next = (await rows.header(room, epoch + 1))?.position;
    const span = next === undefined ? { from } : { from, to: next };
    const locked = (await rows.entries(room, span)).filter(
      (entry) => entry.what.type === 'locked' && entry.what.epoch === epoch,
    );
    const opened: EntryRow[] = [];
    for (const entry of locked) opened.push(await open(entry));
    const current = (await lastReadable(context, rows, row)) === epoch;
    if (locked.length === 0 && !current) return;
    const { profile, unsaid } = current ? await nameAfter(header.header, secret, row.profile) : row;
    // What came behind it may have changed what opens now.
    const first = Math.min(row.read, (opened[0]?.position ?? row.read + 1) - 1);
    let rest: EntryRow[] = [];
    let gone: Gone = new Map();
    await rows.commit(
      room,
      { entries: opened, headers: [] },
      (stored) => {
        const { draft, ...base } = stored ?? row;
        const now = { ...base, draft: draftAfter(draft, gone), profile, unsaid };
        return recounted(now, rest, context.consent);
      },
      async (tx) => {
        rest = await entriesAfter(tx, room, first);
        gone = await scrubDeleted(tx, room, opened, 'late');
      },
    );
    context.tabs.announce({ type: 'room', room });

    async function open(entry: EntryRow): Promise<EntryRow> {
      if (entry.what.type !== 'locked' || !secret) return entry;
      try {
        const member = header.header.members.find((m) => m.account === entry.account);
        const list = member && (await context.directory.lists.lookup(entry.account, member.list));
        const signing = list && signingKeyOf(list.list, entry.device);
        if (!signing) throw new VerificationError('K3', 'unknown_device', 'the sender’s device is not known');
        const message = await verifyMessage(entry.what.signed, {
          room,
          kind: 'log',
          account: entry.account,
          device: entry.device,
          id: entry.id,
          signing,
        });
        return { ...entry, what: { type: 'message', epoch, content: await decryptMessage(message, secret) } };
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        return { ...entry, what: { type: 'rejected', alarm: alarmFrom(error, entry.time, entry.account) } };
      }
    }
  });
}

/** The epoch that names the room: the newest, or the last one with this account in it where it is out. */
async function lastReadable(
  context: Pick<RoomContext, 'keys'>,
  rows: RoomRows,
  row: RoomRow,
): Promise<number | undefined> {
  if (row.standing === 'member') return row.state.header?.header.epoch;
  const { account } = context.keys.self;
  const headers = await rows.headers(row.room);
  return headers.findLast(({ header }) => header.header.members.some((m) => m.account === account))?.header
    .header.epoch;
}
