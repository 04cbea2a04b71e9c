import { type FileId, PATHS, PROOF_HEADER, type RoomId } from '@sotto/protocol';
import { expect } from 'vitest';
import type { ServerOptions } from '../../src/index.ts';
import { type Device, Person } from './person.ts';
import { Room } from './room.ts';
import { makeServer } from './server.ts';
import { random, randomId } from './signing.ts';
import { connect } from './socket.ts';

type Headers = Record<string, string>;

/** One signed request as tus makes it: what it carries is not part of the proof. */
export async function tus(
  person: Person,
  method: string,
  path: string,
  options: { headers?: Headers; body?: Uint8Array<ArrayBuffer>; device?: Device; origin?: string } = {},
): Promise<Response> {
  const { headers = {}, body, device, origin = person.origin } = options;
  const proof = await person.proof(method, path, '', device ? { device } : {});
  return fetch(origin + path, {
    method,
    headers: { 'tus-resumable': '1.0.0', [PROOF_HEADER]: proof, ...headers },
    ...(body ? { body } : {}),
  });
}

/** Code of a refusal, or the status where it is none. */
export async function codeOf(answer: Response): Promise<string | number> {
  if (answer.status < 400) {
    await answer.arrayBuffer();
    return answer.status;
  }
  return ((await answer.json()) as { code: string }).code;
}

export function announce(
  person: Person,
  { room, file, size, headers = {} }: { room: RoomId; file: FileId; size: number; headers?: Headers },
): Promise<Response> {
  return tus(person, 'POST', PATHS.newFile(file, room, size), {
    headers: { 'upload-length': String(size), ...headers },
  });
}

export function patch(
  person: Person,
  file: FileId,
  offset: number,
  body: Uint8Array<ArrayBuffer>,
  headers: Headers = {},
): Promise<Response> {
  return tus(person, 'PATCH', PATHS.file(file), {
    headers: {
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
      ...headers,
    },
    body,
  });
}

/** Where an upload stands; undefined where there is none for this person. */
export async function offsetOf(person: Person, file: FileId): Promise<number | undefined> {
  const answer = await tus(person, 'HEAD', PATHS.file(file));
  if (answer.status !== 200) return undefined;
  return Number(answer.headers.get('upload-offset'));
}

export const fetchFile = (person: Person, file: FileId, headers: Headers = {}): Promise<Response> =>
  tus(person, 'GET', PATHS.file(file), { headers });

export const bytesOf = async (answer: Response): Promise<Uint8Array> =>
  new Uint8Array(await answer.arrayBuffer());

/** A whole upload. */
export async function upload(
  person: Person,
  room: RoomId,
  bytes: Uint8Array<ArrayBuffer> = random(1_000),
  file = randomId<FileId>(),
): Promise<{ file: FileId; bytes: Uint8Array<ArrayBuffer> }> {
  expect((await announce(person, { room, file, size: bytes.length })).status).toBe(201);
  const answer = await patch(person, file, 0, bytes);
  expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, String(bytes.length)]);
  return { file, bytes };
}

/** A server with a room of two. */
export async function pairWithRoom(options: ServerOptions = {}) {
  const server = await makeServer(options);
  return { ...server, ...(await pairOn(server.origin)) };
}

/** Two people and their room. */
export async function pairOn(origin: string) {
  const [ann, ben] = [await Person.guest(origin), await Person.guest(origin)];
  return { ann, ben, room: await Room.group(ann, [ben]) };
}

/** Sends a message that has these files. @returns its position, or the code of the refusal */
export async function send(
  person: Person,
  room: Room,
  files: readonly FileId[],
  message = room.message(person),
): Promise<number | string> {
  const socket = await connect(person);
  socket.send({ t: 'send', ...message, files });
  const answer = await Promise.race([socket.take('ack'), socket.take('refused')]);
  socket.ws.close();
  return answer.t === 'ack' ? answer.position : answer.code;
}
