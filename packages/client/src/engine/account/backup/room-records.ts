import { chainNext, VerificationError } from '@sotto/crypto';
import {
  type BackupEntry,
  type BackupRecord,
  type Bytes,
  equalBytes,
  fromBase64Url,
  LIMITS,
  LogPageSchema,
  PATHS,
} from '@sotto/protocol';
import type { EngineCore } from '../../core.ts';
import type { HeaderRow, RoomRow, SecretRow } from '../../rows.ts';

/** A conversation and its log, read from the server and compared with what was verified here (D1). */
export async function* roomRecords(core: EngineCore, row: RoomRow): AsyncGenerator<BackupRecord> {
  const { room, state, muted, read } = row;
  const headers = await core.rows.headers(room);
  const base = readableFrom(core, row, headers);
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
        accepted: core.consent.hasAccepted(room),
        read,
        headers: headers
          .filter(({ position }) => position <= base)
          .map(({ position, header }) => ({ position, signed: header.signed })),
        secrets: secrets.flatMap(({ header, secret }) => {
          const hash = fromBase64Url(header);
          return hash ? [{ header: hash, secret }] : [];
        }),
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

/** R1: what the newest header that has this account lets it read. */
function readableFrom({ keys }: EngineCore, row: RoomRow, headers: readonly HeaderRow[]): number {
  const own = headers.findLast(({ header }) =>
    header.header.members.some(({ account }) => account === keys.self.account),
  );
  return own?.header.header.policy.history === 'all' ? 0 : row.earliest;
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
