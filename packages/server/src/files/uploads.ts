import type { IncomingMessage } from 'node:http';
import type { RoomId } from '@sotto/protocol';
import { found, Refused } from '../refusal.ts';
import { demandMember } from '../rooms/access.ts';
import type { Service } from '../service.ts';
import type { FilePart } from '../store/store.ts';
import { demandVersion, ownUpload, type UploadRequest } from './own-uploads.ts';
import { CONCAT, finalOf } from './parts.ts';
import { reply } from './tus.ts';

/** Headers of tus that have no place here: sizes are known before, and names never leave the devices. */
const UNWANTED = ['upload-metadata', 'upload-defer-length'];

/** What the address of an announcement says. */
export interface Announcement {
  readonly room: RoomId;
  readonly size: number;
  /** Bytes of the file that come as an upload of their own; null: all of it comes in one. */
  readonly part: FilePart | null;
}

/** POST: announces an upload. Asked again it says the same, so that a lost answer costs nothing. */
export async function announceUpload(
  service: Service,
  request: UploadRequest,
  announcement: Announcement,
): Promise<Response> {
  const { store, config, files, limiter, now } = service;
  const { signer, incoming, file } = request;
  const { room, size, part } = announcement;
  demandVersion(incoming);
  demandForm(incoming, announcement);
  if (size > config.files.limit) throw new Refused('too_large', largest(config.files.limit));
  await demandMember(store, room, signer.account);
  limiter.demand('uploads', signer.account);
  if (!(await store.files.get(file))) await files.space.demand(size);
  const { accountQuota: quota, unfinished } = config.files;
  const [wanted, bounds] = [
    { file, room, size, ...signer },
    { quota, unfinished },
  ];
  const outcome = part
    ? await store.files.announcePart(wanted, part, now(), bounds)
    : await store.files.announce(wanted, now(), bounds);
  switch (outcome) {
    case 'announced':
    case 'same':
      return files.tus.create(part?.part ?? file);
    case 'limit':
      throw new Refused('limit', 'Too many uploads are unfinished. Finish or delete some first.');
    case 'quota':
    case 'id_reused':
      throw new Refused(outcome);
  }
}

/** Before anything else is looked at. @throws Refused 'malformed' */
function demandForm({ headers }: IncomingMessage, { size, part }: Announcement): void {
  const unwanted = UNWANTED.find((name) => headers[name] !== undefined);
  if (unwanted) throw new Refused('malformed', `${unwanted}: not taken here.`);
  if (headers[CONCAT] !== (part ? 'partial' : undefined)) {
    throw new Refused('malformed', 'upload-concat: not taken here, or not what the address says.');
  }
  const { from, to } = part ?? { from: 0, to: size };
  if (to <= from || to > size || headers['upload-length'] !== String(to - from)) {
    throw new Refused('malformed', 'upload-length: expected the size that the address names.');
  }
}

/** HEAD: where the upload stands. */
export async function describeUpload(service: Service, request: UploadRequest): Promise<Response> {
  const { row, part, parts } = await ownUpload(service, request);
  const { offset, size } = await service.files.tus.find(request.file);
  // After a crash between the last byte and its row, nobody sends another byte.
  if (!part && offset === size && row.completed === null) await service.files.finish(row.file);
  const concat = part ? 'partial' : finalOf(parts);
  const standing = { 'upload-offset': String(offset), 'upload-length': String(size) };
  return reply(200, { ...standing, ...(concat ? { [CONCAT]: concat } : {}) });
}

/** PATCH: bytes, from where the upload stands. What a broken connection brought stays. */
export async function receiveUpload(service: Service, request: UploadRequest): Promise<Response> {
  const { files, limiter, metrics, store } = service;
  const { signer, address, incoming } = request;
  limiter.demand('patches', signer.account);
  const { row, part } = await ownUpload(service, request);
  await demandMember(store, row.room, row.account);
  const { received } = part ?? row;
  const rest = (part ? part.to - part.from : row.size) - received;
  const coming = Math.min(rest, Number(incoming.headers['content-length'] ?? rest));
  const who = { account: signer.account, address, incoming };
  return files.traffic.run('uploads', who, () =>
    files.space.during(coming, async (admit) => {
      try {
        return await files.tus.receive(request.file, incoming, admit);
      } finally {
        const now = part ? await store.files.part(part.part) : await store.files.get(row.file);
        const came = (now?.received ?? received) - received;
        files.space.changed(came);
        metrics.received(Math.max(0, came));
      }
    }),
  );
}

/** DELETE: by the account that uploaded it, before and after its message. */
export async function removeUpload(service: Service, request: UploadRequest): Promise<Response> {
  const { store, files } = service;
  const { file, signer, incoming } = request;
  demandVersion(incoming);
  // The row first: bytes without one are swept, a row without bytes would be a broken promise.
  const removed = found(await store.files.remove(file, signer.account));
  files.space.changed(-removed.received);
  return files.tus.remove(file);
}

const largest = (limit: number) =>
  limit === 0 ? 'This server takes no files.' : `The largest file taken here has ${limit} bytes, as sealed.`;
