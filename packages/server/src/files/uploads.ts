import type { IncomingMessage } from 'node:http';
import { type FileId, PATHS, type RefusalCode, type RoomId } from '@sotto/protocol';
import { TUS_RESUMABLE } from '@tus/server';
import type { Signer } from '../http/proofs.ts';
import { found, Refused } from '../refusal.ts';
import { demandMember } from '../rooms/access.ts';
import type { Service } from '../service.ts';
import type { StoredFile } from '../store/store.ts';

/** One request about one upload, from a device that proved who it is. */
export interface UploadRequest {
  readonly signer: Signer;
  readonly address: string;
  readonly incoming: IncomingMessage;
  readonly file: FileId;
}

/** Headers of tus that have no place here: sizes are known before, and names never leave the devices. */
const UNWANTED = ['upload-metadata', 'upload-defer-length', 'upload-concat'];

/** POST: announces an upload. Asked again it says the same, so that a lost answer costs nothing. */
export async function announceUpload(
  service: Service,
  request: UploadRequest,
  { room, size }: { room: RoomId; size: number },
): Promise<Response> {
  const { store, config, files, limiter, now } = service;
  const { signer, incoming, file } = request;
  demandVersion(incoming);
  const unwanted = UNWANTED.find((name) => incoming.headers[name] !== undefined);
  if (unwanted) throw new Refused('malformed', `${unwanted}: not taken here.`);
  if (size < 1 || incoming.headers['upload-length'] !== String(size)) {
    throw new Refused('malformed', 'upload-length: expected the size that the address names.');
  }
  if (size > config.files.limit) throw new Refused('too_large', largest(config.files.limit));
  await demandMember(store, room, signer.account);
  limiter.demand('uploads', signer.account);
  if (!(await store.files.get(file))) await files.space.demand(size);
  const { accountQuota: quota, unfinished } = config.files;
  const outcome = await store.files.announce({ file, room, size, ...signer }, now(), { quota, unfinished });
  switch (outcome) {
    case 'announced':
    case 'same':
      return answer(service, await files.tus('POST', PATHS.newFile(file, room, size), incoming));
    case 'limit':
      throw new Refused('limit', 'Too many uploads are unfinished. Finish or delete some first.');
    case 'quota':
    case 'id_reused':
      throw new Refused(outcome);
  }
}

/** HEAD: where the upload stands. */
export async function describeUpload(service: Service, request: UploadRequest): Promise<Response> {
  const row = await ownUpload(service, request);
  const result = await service.files.tus('HEAD', PATHS.file(row.file), request.incoming);
  const all = result.answer.headers.get('upload-offset') === String(row.size);
  // After a crash between the last byte and its row, nobody sends another byte.
  if (all && row.completed === null) await service.files.finish(row.file);
  return answer(service, result);
}

/** PATCH: bytes, from where the upload stands. What a broken connection brought stays. */
export async function receiveUpload(service: Service, request: UploadRequest): Promise<Response> {
  const { files, limiter, metrics, store } = service;
  const { signer, address, incoming } = request;
  limiter.demand('patches', signer.account);
  const row = await ownUpload(service, request);
  await demandMember(store, row.room, signer.account);
  const rest = row.size - row.received;
  const coming = Math.min(rest, Number(incoming.headers['content-length'] ?? rest));
  const who = { account: signer.account, address, incoming };
  return files.traffic.run('uploads', who, () =>
    files.space.during(coming, async () => {
      try {
        return answer(service, await files.tus('PATCH', PATHS.file(row.file), incoming));
      } finally {
        const came = ((await store.files.get(row.file))?.received ?? row.received) - row.received;
        files.space.changed(came);
        metrics.received(Math.max(0, came));
      }
    }),
  );
}

/** DELETE: by the account that uploaded it, before and after its message. */
export async function removeUpload(service: Service, request: UploadRequest): Promise<Response> {
  const { store, files } = service;
  const row = await ownUpload(service, request);
  // The row first: bytes without one are swept, a row without bytes would be a broken promise.
  const removed = found(await store.files.remove(row.file, request.signer.account));
  files.space.changed(-removed.received);
  const result = await files.tus('DELETE', PATHS.file(row.file), request.incoming);
  if (result.refused && result.refused !== 'not_found') return answer(service, result);
  return new Response(null, { status: 204, headers: { 'tus-resumable': TUS_RESUMABLE } });
}

/** @throws Refused 'not_found' for all but the uploading account */
async function ownUpload(service: Service, request: UploadRequest): Promise<StoredFile> {
  const { file, signer, incoming } = request;
  demandVersion(incoming);
  const row = await service.store.files.get(file);
  return found(row?.account === signer.account ? row : undefined);
}

/** Before anything is changed. @throws Refused 'unknown_version' */
function demandVersion({ headers }: IncomingMessage): void {
  if (headers['tus-resumable'] === TUS_RESUMABLE) return;
  throw new Refused('unknown_version', `tus-resumable: expected ${TUS_RESUMABLE}.`);
}

function answer(
  { metrics }: Service,
  { answer, refused }: { answer: Response; refused: RefusalCode | undefined },
): Response {
  if (refused) metrics.refused(refused);
  return answer;
}

const largest = (limit: number) =>
  limit === 0 ? 'This server takes no files.' : `The largest file taken here has ${limit} bytes, as sealed.`;
