import { chainNext, sealBackup, VerificationError } from '@sotto/crypto';
import {
  type AccountId,
  type BackupEntry,
  type BackupRecord,
  type Bytes,
  concat,
  encodeBackupRecord,
  equalBytes,
  fromBase64Url,
  LIMITS,
  LogPageSchema,
  PATHS,
} from '@sotto/protocol';
import { ClientError } from '../../../error.ts';
import type { EngineCore } from '../../core.ts';
import type { RoomRow, SecretRow } from '../../rows.ts';

export type BackupProgress = (done: number, total: number) => void;

/**
 * Everything this account would need on an empty server, in one file under its recovery phrase (K5): identity, people with
 * their lists and pins, and every conversation it is in, as signed ciphertext with the epoch secrets. The log is read from
 * the server once more and has to be the one known here.
 * @throws ClientError 'usage' without a recovery phrase or with a locked vault, 'unreachable'
 */
export async function createBackup(core: EngineCore, onProgress?: BackupProgress): Promise<Uint8Array> {
  const { keeper } = core.upkeep;
  await keeper.refresh();
  const { content } = keeper;
  if (keeper.standing !== 'open' || !content?.phraseKey) {
    throw new ClientError('usage', {
      message: 'A backup is locked with your recovery phrase. Make one first.',
    });
  }
  const parts: Bytes[] = [];
  const records = recordsOf(core, content, onProgress);
  for await (const part of sealBackup(content.phraseKey, encoded(records))) parts.push(part);
  return concat(...parts);
}

async function* encoded(records: AsyncIterable<BackupRecord>): AsyncGenerator<Bytes> {
  for await (const record of records) yield encodeBackupRecord(record);
}

async function* recordsOf(
  core: EngineCore,
  { identitySeed, devices }: { identitySeed: Bytes; devices: (BackupRecord & { t: 'account' })['devices'] },
  onProgress?: BackupProgress,
): AsyncGenerator<BackupRecord> {
  const { account, name } = core.keys.self;
  yield { v: 1, t: 'account', account, name, identitySeed, at: core.clock.now(), devices };
  const rooms = core.rows.all().filter((row) => row.standing === 'member' && row.state.header);
  for (const person of await everyoneIn(core, rooms)) yield personRecord(core, person);
  for (const [index, row] of rooms.entries()) {
    onProgress?.(index, rooms.length);
    yield* roomRecords(core, row);
  }
  onProgress?.(rooms.length, rooms.length);
}

/** This account, whom it has pinned, and whoever stands in a header of its rooms: their lists verify what is in the log. */
async function everyoneIn(core: EngineCore, rooms: readonly RoomRow[]): Promise<Person[]> {
  const accounts = new Set<AccountId>([core.keys.self.account]);
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

function personRecord({ directory }: EngineCore, { account, lists }: Person): BackupRecord {
  return {
    v: 1,
    t: 'person',
    account,
    name: directory.nameOf(account),
    identity: directory.identityOf(account),
    verified: directory.trustOf(account) === 'verified',
    lists: lists.map(({ signed }) => signed),
  };
}

async function* roomRecords(core: EngineCore, row: RoomRow): AsyncGenerator<BackupRecord> {
  const { room, state, muted, read } = row;
  const base = state.header?.header.policy.history === 'all' ? 0 : row.earliest;
  const headers = await core.rows.headers(room);
  const secrets = await core.storage.transaction(['secrets'], 'read', (tx) =>
    tx.range<SecretRow>('secrets', { prefix: [room] }),
  );
  let after = base;
  let chain: Bytes | undefined;
  while (after < state.position) {
    const page = await readPage(core, row, after);
    if (!chain) {
      chain = page.before;
      yield {
        v: 1,
        t: 'room',
        room,
        base,
        chain,
        muted,
        read,
        headers: headers
          .filter(({ position }) => position <= base)
          .map(({ position, header }) => ({ position, signed: header.signed })),
        secrets: secrets.map(({ epoch, secret }) => ({ epoch, secret })),
      };
    } else if (!equalBytes(chain, page.before)) {
      throw new VerificationError('D1', 'fork', 'the pages of a log do not fit each other');
    }
    yield { v: 1, t: 'entries', room, after, entries: page.entries };
    after += page.entries.length;
    chain = page.chain;
  }
  if (chain && !equalBytes(chain, state.chain)) {
    throw new VerificationError('D1', 'fork', 'the server shows another log than the one known here');
  }
}

/** D1: a page as it stands in the log, up to what was verified here, with the chain hashes at both ends. */
async function readPage(core: EngineCore, { room, state }: RoomRow, after: number) {
  const path = `${PATHS.log(room)}?after=${after}&limit=${LIMITS.page}`;
  const page = await core.calls.get(path, LogPageSchema);
  const before = fromBase64Url(page.chain);
  if (!before || page.entries[0]?.position !== after + 1) {
    throw new VerificationError('D1', 'gap', 'the server does not show the whole log');
  }
  const entries: BackupEntry[] = [];
  let chain: Bytes = before;
  for (const { position, time, kind, account, device, id, body: text } of page.entries) {
    if (position > state.position) break;
    const body = fromBase64Url(text);
    if (!body || position !== after + entries.length + 1) {
      throw new VerificationError('D1', 'gap', 'a page of the log has a hole');
    }
    chain = await chainNext(chain, { position, time, kind, account, device, id, body });
    entries.push({ time, kind, account, device, id, body });
  }
  return { before, chain, entries };
}
