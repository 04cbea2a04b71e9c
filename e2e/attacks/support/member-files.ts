import { type Attachment, type FileNaming, newFileKey, sealChunks } from '@sotto/crypto';
import { type Bytes, type FileId, idFromBytes, PATHS, PROOF_HEADER, type RoomId } from '@sotto/protocol';
import type { RawMember } from './member.ts';

/** A file as its sender knows it, with the bytes that the server is to keep. */
export interface SealedFile {
  readonly attachment: Attachment;
  readonly sealed: Bytes;
}

/** Seals by hand. @param key of another file: what no honest sender uses twice */
export async function sealFile(naming: FileNaming, plain: Bytes, key = newFileKey()): Promise<SealedFile> {
  const parts: Bytes[] = [];
  const sealing = sealChunks({ ...key, ...naming }, [plain]);
  for (;;) {
    const next = await sealing.next();
    if (!next.done) {
      parts.push(next.value);
      continue;
    }
    const attachment = { ...naming, ...next.value, file: idFromBytes<FileId>(key.file), key: key.key };
    return { attachment, sealed: new Uint8Array(Buffer.concat(parts)) };
  }
}

/** Announces an upload. @returns the server's status */
export async function announce(member: RawMember, room: RoomId, file: FileId, size: number): Promise<number> {
  const path = PATHS.newFile(file, room, size);
  const headers = await tus(member, 'POST', path, { 'upload-length': String(size) });
  const answer = await fetch(member.origin + path, { method: 'POST', headers });
  await answer.arrayBuffer();
  return answer.status;
}

/** A whole upload by tus. @throws Error where the server refuses it */
export async function upload(member: RawMember, room: RoomId, file: FileId, sealed: Bytes): Promise<void> {
  const announced = await announce(member, room, file, sealed.length);
  const path = PATHS.file(file);
  const headers = await tus(member, 'PATCH', path, {
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
  });
  const answer = await fetch(member.origin + path, { method: 'PATCH', headers, body: sealed });
  if (announced !== 201 || answer.status !== 204)
    throw new Error(`not uploaded: ${announced}, ${answer.status}`);
}

/** Asks to delete a file. @returns the server's status */
export async function remove(member: RawMember, file: FileId): Promise<number> {
  const path = PATHS.file(file);
  const answer = await fetch(member.origin + path, {
    method: 'DELETE',
    headers: await tus(member, 'DELETE', path, {}),
  });
  await answer.arrayBuffer();
  return answer.status;
}

const tus = async (member: RawMember, method: string, path: string, more: Record<string, string>) => ({
  'tus-resumable': '1.0.0',
  [PROOF_HEADER]: await member.prove(method, path),
  ...more,
});
