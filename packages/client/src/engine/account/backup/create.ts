import { sealBackup, sealedSize } from '@sotto/crypto';
import {
  type AccountId,
  type BackupAccount,
  type BackupRecord,
  type Bytes,
  encodeBackupRecord,
  release,
} from '@sotto/protocol';
import type { BackupMade, BackupWatch, LeftOutFile } from '../../../backup.ts';
import { ClientError } from '../../../error.ts';
import type { EngineCore } from '../../core.ts';
import type { RoomRow } from '../../rows.ts';
import { backedUpRooms, fileRecords, findFiles, type PlacedFile, sumOf } from './files.ts';
import { leftOutOf } from './left-out.ts';
import { roomRecords } from './room-records.ts';

/**
 * Everything this account would need on an empty server, in one file under its recovery phrase (K5): identity, people with
 * their lists and pins, every conversation it is or was in, as signed ciphertext with the epoch secrets, and their files as
 * sealed. The log is read from the server once more and has to be the one known here. In constant memory.
 * @param write takes the next bytes of the file; the next ones come once it resolves
 * @throws ClientError 'usage' without a recovery phrase or with a locked vault, 'unreachable'
 */
export async function createBackup(
  core: EngineCore,
  write: (part: Bytes) => Promise<void>,
  { files, ...watch }: BackupWatch & { readonly files: boolean },
): Promise<BackupMade> {
  const { keeper } = core.upkeep;
  await keeper.refresh();
  const { content } = keeper;
  if (keeper.standing !== 'open' || !content?.phraseKey) {
    throw new ClientError('usage', {
      message: 'A backup is locked with your recovery phrase. Make one first.',
    });
  }
  const rooms = backedUpRooms(core);
  const placed = files ? await findFiles(core, rooms, watch) : [];
  const leftOut: LeftOutFile[] = [];
  let bytes = 0;
  const records = recordsOf(core, content, { rooms, placed, watch });
  async function* encoded(): AsyncGenerator<Bytes> {
    for await (const record of records) {
      if (record.t === 'absent') leftOut.push(leftOutOf(record));
      const framed = encodeBackupRecord(record);
      if (record.t === 'piece') release(record.bytes);
      yield framed;
    }
  }
  for await (const part of sealBackup(content.phraseKey, encoded())) {
    watch.signal?.throwIfAborted();
    await write(part);
    bytes += part.length;
  }
  return { bytes, conversations: rooms.length, files: placed.length - leftOut.length, leftOut };
}

interface Wanted {
  readonly rooms: readonly RoomRow[];
  readonly placed: readonly PlacedFile[];
  readonly watch: BackupWatch;
}

async function* recordsOf(
  core: EngineCore,
  { identitySeed, devices }: { identitySeed: Bytes; devices: BackupAccount['devices'] },
  { rooms, placed, watch: { onProgress, signal = new AbortController().signal } }: Wanted,
): AsyncGenerator<BackupRecord> {
  const { account, name } = core.keys.self;
  const called = devices.map(({ device, name: of, kind }) => ({ device, name: of, kind })); // versions are of this vault
  yield { v: 1, t: 'account', account, name, identitySeed, at: core.clock.now(), devices: called };
  for (const person of await everyoneIn(core, rooms)) yield personRecord(core, person);
  const ofRooms = { work: 'conversations', total: rooms.length, bytes: 0, totalBytes: 0 } as const;
  for (const [done, row] of rooms.entries()) {
    onProgress?.({ ...ofRooms, done });
    yield* roomRecords(core, row);
  }
  onProgress?.({ ...ofRooms, done: rooms.length });
  const ofFiles = { work: 'files', total: placed.length, totalBytes: sumOf(placed) } as const;
  let before = 0;
  for (const [done, file] of placed.entries()) {
    let bytes = before;
    onProgress?.({ ...ofFiles, done, bytes });
    for await (const record of fileRecords(core, file, signal)) {
      const size = record.t === 'piece' ? record.bytes.length : 0; // its memory is given back behind the yield
      yield record;
      if (size === 0) continue;
      bytes += size;
      onProgress?.({ ...ofFiles, done, bytes });
    }
    before += sealedSize(file.attachment.size);
  }
  onProgress?.({ ...ofFiles, done: placed.length, bytes: before });
}

/** This account, whom it has pinned, and whoever stands in a header of its rooms: their lists verify what is in the log. */
async function everyoneIn(core: EngineCore, rooms: readonly RoomRow[]): Promise<Person[]> {
  const accounts = new Set<AccountId>([core.keys.self.account, ...core.consent.blocked.keys()]);
  for (const { account, identity } of core.state.people.values()) if (identity) accounts.add(account);
  for (const { room } of rooms) {
    for (const { header } of await core.rows.headers(room)) {
      for (const member of header.header.members) accounts.add(member.account);
    }
  }
  return Promise.all(
    [...accounts].map(async (account) => ({ account, lists: await core.directory.lists.all(account) })),
  );
}

interface Person {
  readonly account: AccountId;
  readonly lists: readonly { readonly signed: Bytes }[];
}

function personRecord({ directory, consent }: EngineCore, { account, lists }: Person): BackupRecord {
  return {
    v: 1,
    t: 'person',
    account,
    identity: directory.identityOf(account),
    verified: directory.trustOf(account) === 'verified',
    blocked: !consent.hears(account),
    lists: lists.map(({ signed }) => signed),
  };
}
