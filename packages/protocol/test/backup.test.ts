import { describe, expect, it } from 'vitest';
import {
  type BackupRecord,
  concat,
  decodeBackupRecord,
  encodeBackupRecord,
  LIMITS,
  MalformedError,
  readBackupRecords,
} from '../src/index.ts';
import { account, bytes, device, file, id, room } from './samples.ts';

const RECORDS: readonly BackupRecord[] = [
  {
    v: 1,
    t: 'account',
    account: account(1),
    name: 'Ann',
    identitySeed: bytes(1),
    at: 5,
    devices: [{ device: device(1), name: 'Laptop', kind: 'browser' }],
  },
  {
    v: 1,
    t: 'person',
    account: account(2),
    identity: null,
    verified: false,
    blocked: true,
    lists: [bytes(2, 80)],
  },
  {
    v: 1,
    t: 'room',
    room: room(1),
    base: 3,
    chain: bytes(3),
    muted: true,
    accepted: true,
    read: 4,
    headers: [{ position: 1, signed: bytes(4, 90) }],
    secrets: [{ header: bytes(6), secret: bytes(5) }],
  },
  {
    v: 1,
    t: 'entries',
    room: room(1),
    after: 3,
    entries: [
      { time: 9, kind: 'message', account: account(1), device: device(1), id: id(7), body: bytes(6, 300) },
    ],
  },
  {
    v: 1,
    t: 'file',
    room: room(1),
    position: 4,
    file: file(3),
    name: 'a photo.jpg',
    size: 420,
    hash: bytes(7),
  },
  { v: 1, t: 'piece', bytes: bytes(8, 420) },
  {
    v: 1,
    t: 'absent',
    room: room(1),
    position: 4,
    file: file(4),
    name: 'gone',
    size: 17,
    reason: 'gone',
  },
];

async function* inPieces(whole: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function read(whole: Uint8Array, size = 1_000): Promise<BackupRecord[]> {
  const records: BackupRecord[] = [];
  for await (const record of readBackupRecords(inPieces(whole, size))) records.push(record.record);
  return records;
}

describe('records of a backup', () => {
  const whole = concat(...RECORDS.map(encodeBackupRecord));

  it.each([1, 7, 100, 10_000])('come back as they were, in pieces of %i bytes', async (size) => {
    expect(await read(whole, size)).toEqual(RECORDS);
  });

  it('say where they stand, so that each can be read again', async () => {
    let index = 0;
    for await (const { record, from, to } of readBackupRecords(inPieces(whole, 64))) {
      expect(decodeBackupRecord(whole.slice(from, to))).toEqual(record);
      expect(record).toEqual(RECORDS[index]);
      index += 1;
    }
    expect(index).toBe(RECORDS.length);
  });

  it('[attack 29] a piece larger than a sealed chunk, or an unknown reason, is refused', () => {
    const large = { v: 1, t: 'piece', bytes: bytes(1, LIMITS.backupPiece + 1) } as const;
    const encoded = encodeBackupRecord(large).slice(4);
    expect(() => decodeBackupRecord(encoded)).toThrow(MalformedError);
    const odd = { ...(RECORDS[6] as BackupRecord), reason: 'lost' } as unknown as BackupRecord;
    expect(() => decodeBackupRecord(encodeBackupRecord(odd).slice(4))).toThrow(MalformedError);
  });

  it('[attack 29] cut off, too long, or of another form they are refused', async () => {
    await expect(read(whole.slice(0, -1))).rejects.toThrow(MalformedError);
    await expect(read(concat(whole, bytes(0xff, 4)))).rejects.toThrow(/too long/);
    await expect(read(concat(bytes(0, 3), Uint8Array.of(1), bytes(0xa0, 1)))).rejects.toThrow(MalformedError);
  });
});
