import { FileHash, randomBytes, randomId, sealBackup, sha256 } from '@sotto/crypto';
import {
  type AccountId,
  type BackupRecord,
  type Bytes,
  concat,
  type DeviceId,
  encodeBackupRecord,
  type FileId,
  type MessageId,
} from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import type { BackupSource } from '../../src/backup.ts';
import { entriesOf, pieceOf, readBackup } from '../../src/engine/account/backup/read.ts';
import { anyGroup } from '../engine/support/rows.ts';

const KEY = randomBytes(32);
const ROOM = anyGroup();
const CHUNK = 1_000;

const account: BackupRecord = {
  v: 1,
  t: 'account',
  account: randomId<AccountId>(),
  name: 'Paula',
  identitySeed: randomBytes(32),
  at: 1,
  devices: [],
};
const room: BackupRecord = {
  v: 1,
  t: 'room',
  room: ROOM,
  base: 4,
  chain: randomBytes(32),
  muted: false,
  accepted: false,
  read: 0,
  headers: [],
  secrets: [],
};
const entries = (after: number, count: number): BackupRecord => ({
  v: 1,
  t: 'entries',
  room: ROOM,
  after,
  entries: Array.from({ length: count }, () => ({
    time: 1,
    kind: 'message' as const,
    account: randomId<AccountId>(),
    device: randomId<DeviceId>(),
    id: randomId<MessageId>(),
    body: randomBytes(100),
  })),
});

async function fileOf(sizes: readonly number[], fill = randomBytes) {
  const chunks = sizes.map(fill);
  const hash = new FileHash();
  for (const chunk of chunks) hash.add(await sha256(chunk));
  const about = {
    v: 1,
    room: ROOM,
    position: 5,
    file: randomId<FileId>(),
    name: 'boat.jpg',
    size: sizes.reduce((sum, size) => sum + size, 0),
  } as const;
  const head: BackupRecord = { ...about, t: 'file', hash: hash.value() };
  const absent: BackupRecord = { ...about, t: 'absent', reason: 'gone' };
  const pieces = chunks.map((bytes): BackupRecord => ({ v: 1, t: 'piece', bytes }));
  return { chunks, head, pieces, absent };
}

async function sourceOf(records: readonly BackupRecord[]): Promise<BackupSource> {
  const parts: Bytes[] = [];
  for await (const part of sealBackup(KEY, records.map(encodeBackupRecord))) parts.push(part);
  const bytes = concat(...parts);
  return { size: bytes.length, read: async (from, to) => bytes.slice(from, to) };
}

const read = async (...records: BackupRecord[]) => readBackup(await sourceOf(records), KEY);

describe('[K5] reading a backup', () => {
  test('finds entries and pieces where they stand, and reads them again from there', async () => {
    const { chunks, head, pieces } = await fileOf([CHUNK, CHUNK, 7]);
    const [first, second] = [entries(4, 3), entries(7, 2)];
    const backup = await read(account, room, first, second, head, ...pieces);
    expect(backup.rooms).toHaveLength(1);
    const stretches = backup.rooms[0]?.stretches ?? [];
    expect(stretches.map(({ after, count }) => [after, count])).toEqual([
      [4, 3],
      [7, 2],
    ]);
    expect(stretches[0]?.chain).toEqual(room.chain);
    expect(stretches[1]?.chain).not.toEqual(room.chain);
    for (const [index, stretch] of stretches.entries()) {
      const wanted = [first, second][index];
      expect(await entriesOf(backup.bytes, stretch)).toEqual(wanted?.t === 'entries' && wanted.entries);
    }
    const [file] = backup.files;
    expect(file?.pieces.map(({ length }) => length)).toEqual([CHUNK, CHUNK, 7]);
    for (const [index, span] of (file?.pieces ?? []).entries()) {
      expect(await pieceOf(backup.bytes, span)).toEqual(chunks[index]);
    }
  });

  test('what broke off while it was written is absent, and its pieces are void', async () => {
    const cut = await fileOf([CHUNK, CHUNK]);
    const whole = await fileOf([5]);
    const [begun] = cut.pieces;
    const backup = await read(
      account,
      cut.head,
      begun as BackupRecord,
      cut.absent,
      whole.head,
      ...whole.pieces,
    );
    expect(backup.files.map(({ size }) => size)).toEqual([5]);
    expect(backup.absent).toMatchObject([{ name: 'boat.jpg', size: 2 * CHUNK }]);
  });

  test('[attack 16] what does not fit together is refused, with what to do', async () => {
    const { head, pieces } = await fileOf([CHUNK, CHUNK, 7]);
    const other = await fileOf([CHUNK, CHUNK, 7]);
    const [a, b, c] = pieces as [BackupRecord, BackupRecord, BackupRecord];
    const [x] = other.pieces as [BackupRecord];
    const odd = await fileOf([7, CHUNK]);
    const wrong: readonly (readonly [readonly BackupRecord[], RegExp])[] = [
      [[room], /names no account/],
      [[account, room, entries(5, 2)], /has a hole/],
      [[account, room, entries(4, 2), entries(7, 2)], /has a hole/],
      [[account, entries(4, 2)], /has a hole/],
      [[account, a], /a piece of no file/],
      [[account, head, a, b], /not whole/],
      [[account, head, b, a, c], /not whole/],
      [[account, head, x, b, c], /not whole/],
      [[account, head, a, b, c, a], /other lengths/],
      [[account, odd.head, ...odd.pieces], /other lengths/],
      [[account, head, a, b, other.head, ...other.pieces], /not whole/],
    ];
    for (const [records, why] of wrong) {
      const attempt = read(...records);
      await expect(attempt).rejects.toMatchObject({
        code: 'bad_backup',
        message: expect.stringMatching(why),
      });
      await expect(attempt).rejects.toThrow(/Copy the file again/);
    }
  });

  test('[attack 39] what was checked is what comes back: another backup in its place opens nowhere', async () => {
    const { head, pieces } = await fileOf(
      Array.from({ length: 6 }, () => 1_048_576),
      (size) => new Uint8Array(size),
    );
    const made = () => sourceOf([account, room, entries(4, 3), head, ...pieces]);
    let file = await made();
    const backup = await readBackup({ size: file.size, read: (from, to) => file.read(from, to) }, KEY);
    const [stretch] = backup.rooms[0]?.stretches ?? [];
    if (!stretch) throw new Error('expected entries');
    file = await made(); // the same phrase, the same lengths
    await expect(entriesOf(backup.bytes, stretch)).rejects.toMatchObject({ code: 'bad_backup' });
  });

  test('can be given up', async () => {
    const source = await sourceOf([account, room, entries(4, 3)]);
    const ended = new AbortController();
    ended.abort(new Error('enough'));
    await expect(readBackup(source, KEY, { signal: ended.signal })).rejects.toThrow('enough');
  });
});
