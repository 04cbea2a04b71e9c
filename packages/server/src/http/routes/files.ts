import {
  type FileId,
  FileIdSchema,
  type FileUsage,
  LIMITS,
  PATHS,
  parseValue,
  type RoomId,
  RoomIdSchema,
} from '@sotto/protocol';
import { sendFile } from '../../files/downloads.ts';
import { isFinal, joinParts } from '../../files/parts.ts';
import { announceUpload, describeUpload, receiveUpload, removeUpload } from '../../files/uploads.ts';
import { Refused } from '../../refusal.ts';
import type { Service } from '../../service.ts';
import type { FilePart } from '../../store/store.ts';
import type { Asked, Endpoints } from '../endpoint.ts';
import { wholeNumber } from '../parameters.ts';

const FILE = PATHS.file(':file' as FileId);

/** M6: uploads by tus 1.0, downloads with ranges. Names, types and keys of files never come here. */
export function fileRoutes(endpoints: Endpoints, service: Service): void {
  const { store, config } = service;

  endpoints.signed({ method: 'GET', path: PATHS.files }, async ({ account }): Promise<FileUsage> => {
    const { accountQuota: quota, limit } = config.files;
    return { used: await store.files.usage(account), quota, limit, parts: LIMITS.fileParts };
  });
  endpoints.streamed({ method: 'POST', path: PATHS.files }, (signer, asked) => {
    const room = parsed<RoomId>(RoomIdSchema, asked.query('room'));
    const size = wholeNumber('size', asked.query('size')) ?? 0;
    const file = parsed<FileId>(FileIdSchema, asked.query('file'));
    const request = { signer, file, ...asked };
    if (isFinal(asked)) return joinParts(service, request, { room, size });
    return announceUpload(service, request, { room, size, part: partOf(asked) });
  });
  // HEAD comes here too: Hono answers it by what answers GET.
  endpoints.streamed({ method: 'GET', path: FILE }, (signer, asked) => {
    const request = { signer, file: fileOf(asked), ...asked };
    if (asked.incoming.method === 'HEAD') return describeUpload(service, request);
    return sendFile(service, request, asked.outgoing);
  });
  endpoints.streamed({ method: 'PATCH', path: FILE }, (signer, asked) =>
    receiveUpload(service, { signer, file: fileOf(asked), ...asked }),
  );
  endpoints.streamed({ method: 'DELETE', path: FILE }, (signer, asked) =>
    removeUpload(service, { signer, file: fileOf(asked), ...asked }),
  );
}

const fileOf = (asked: Asked) => parsed<FileId>(FileIdSchema, asked.param('file'));

/** @throws Refused 'malformed' */
function partOf(asked: Asked): FilePart | null {
  const part = asked.query('part');
  if (part === undefined) return null;
  const from = wholeNumber('from', asked.query('from')) ?? 0;
  const to = wholeNumber('to', asked.query('to')) ?? 0;
  return { part: parsed<FileId>(FileIdSchema, part), from, to };
}

/** @throws Refused 'malformed' */
function parsed<T>(schema: Parameters<typeof parseValue<T>>[0], text: string | undefined): T {
  const result = parseValue(schema, text);
  if (!result.ok) throw new Refused('malformed', `Path: ${result.reason}.`);
  return result.value;
}
