import { randomBytes, randomInt } from 'node:crypto';
import { type FileId, PATHS, PROOF_HEADER } from '@sotto/protocol';
import { proofOf } from '../member.ts';
import { makeRoom } from '../room.ts';
import { anyAddress, type Flood, many } from './flood.ts';

/** Bytes of each; several at a time fill disk, quota and sockets. */
const SIZE = 131_072;
const ACCOUNTS = 8;

/** M6: files of members that no message will ever name, from ever new addresses. */
export const uploads: Flood = async (origin, until) => {
  const { room, members } = await makeRoom(origin, ACCOUNTS, 'uploader');
  const bytes = randomBytes(SIZE);
  return many(until, async () => {
    const member = members[randomInt(members.length)];
    if (!member) return false;
    const file = randomBytes(16).toString('base64url') as FileId;
    const ask = async (method: string, path: string, headers: Record<string, string>, body?: Buffer) => {
      const proof = await proofOf(origin, { method, path, body: '' }, member);
      const response = await fetch(origin + path, {
        method,
        headers: {
          'tus-resumable': '1.0.0',
          [PROOF_HEADER]: proof,
          'x-forwarded-for': anyAddress(),
          ...headers,
        },
        ...(body ? { body: new Uint8Array(body) } : {}),
      });
      await response.arrayBuffer();
      return response.ok;
    };
    try {
      if (!(await ask('POST', PATHS.newFile(file, room, SIZE), { 'upload-length': String(SIZE) })))
        return false;
      const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
      return await ask('PATCH', PATHS.file(file), headers, bytes);
    } catch {
      return false; // refused by closing the connection while bytes were under way
    }
  });
};
