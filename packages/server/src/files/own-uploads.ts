import type { IncomingMessage } from 'node:http';
import type { FileId } from '@sotto/protocol';
import type { Signer } from '../http/proofs.ts';
import { found, Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { StoredFile, StoredPart } from '../store/store.ts';
import { TUS_RESUMABLE } from './tus.ts';

/** One request about one upload, from a device that proved who it is. */
export interface UploadRequest {
  readonly signer: Signer;
  readonly address: string;
  readonly incoming: IncomingMessage;
  readonly file: FileId;
}

/** What HEAD and PATCH speak of. */
export interface OwnUpload {
  readonly row: StoredFile;
  /** Where it is a part of the file. */
  readonly part: StoredPart | undefined;
  /** Where it is the file itself: of which it was joined. */
  readonly parts: readonly StoredPart[];
}

/** @throws Refused 'not_found' for all but the uploading account */
export async function ownUpload(service: Service, request: UploadRequest): Promise<OwnUpload> {
  demandVersion(request.incoming);
  const { files } = service.store;
  const part = await files.part(request.file);
  const row = found(await files.get(part?.file ?? request.file));
  const parts = part ? [] : await files.parts(row.file);
  // A file that comes in parts is none before they were joined.
  const there = parts.length === 0 || row.completed !== null;
  return found(there && row.account === request.signer.account ? { row, part, parts } : undefined);
}

/** Before anything is changed. @throws Refused 'unknown_version' */
export function demandVersion({ headers }: IncomingMessage): void {
  if (headers['tus-resumable'] === TUS_RESUMABLE) return;
  throw new Refused('unknown_version', `tus-resumable: expected ${TUS_RESUMABLE}.`);
}
