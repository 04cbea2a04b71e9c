import { type FileId, FileIdSchema, LIMITS, PATHS, parseValue, type RoomId } from '@sotto/protocol';
import { found, Refused } from '../refusal.ts';
import { demandMember } from '../rooms/access.ts';
import type { Service } from '../service.ts';
import type { StoredPart } from '../store/store.ts';
import { demandVersion, type UploadRequest } from './own-uploads.ts';
import { reply } from './tus.ts';

/** tus' header of parts: `partial`, or `final;` and the addresses of all parts in their order. */
export const CONCAT = 'upload-concat';
const FINAL = 'final;';

/** True where a request is to join parts. */
export const isFinal = ({ incoming }: Pick<UploadRequest, 'incoming'>): boolean =>
  String(incoming.headers[CONCAT] ?? '').startsWith(FINAL);

/** How a file was joined, as it is told; undefined where it came in one. */
export const finalOf = (parts: readonly StoredPart[]): string | undefined =>
  parts.length === 0 ? undefined : FINAL + parts.map(({ part }) => PATHS.file(part)).join(' ');

/**
 * POST with `final;…`: the parts are the file from now on. Their places were said when they were announced, so that nothing is
 * copied, and no other order can be asked for. Asked again it says the same.
 */
export async function joinParts(
  service: Service,
  { incoming, signer, file }: UploadRequest,
  { room, size }: { readonly room: RoomId; readonly size: number },
): Promise<Response> {
  const { store, files, limiter } = service;
  demandVersion(incoming);
  const parts = partsIn(String(incoming.headers[CONCAT]));
  limiter.demand('uploads', signer.account);
  const row = await store.files.get(file);
  const own = found(row?.account === signer.account ? row : undefined);
  if (own.room !== room || own.size !== size) throw new Refused('id_reused');
  await demandMember(store, room, signer.account);
  switch (await files.join(file, parts)) {
    case 'joined':
      return reply(201, { location: PATHS.file(file) });
    case 'incomplete':
      throw new Refused('wrong_offset', 'Not all parts are here completely. Ask where they stand.');
    case 'others':
      throw new Refused('malformed', `${CONCAT}: expected all parts of this file, in their order.`);
  }
}

/** @throws Refused 'malformed' */
function partsIn(header: string): FileId[] {
  const start = PATHS.file('' as FileId);
  // Addresses may be absolute; where they lead is not looked at, whose parts they are is.
  const ids = header
    .slice(FINAL.length)
    .split(' ')
    .map((address) => parsed(address, start));
  if (ids.length <= LIMITS.fileParts && new Set(ids).size === ids.length) return ids;
  throw new Refused('malformed', `${CONCAT}: expected at most ${LIMITS.fileParts} parts, each once.`);
}

function parsed(address: string, start: string): FileId {
  const at = address.indexOf(start);
  const id = parseValue(FileIdSchema, at < 0 ? '' : address.slice(at + start.length));
  if (!id.ok) throw new Refused('malformed', `${CONCAT}: expected addresses of parts.`);
  return id.value;
}
