import {
  CommitEpochSchema,
  LeaveRequestSchema,
  LIMITS,
  PATHS,
  PostRequestsSchema,
  PostWrapsSchema,
  RestoreRoomSchema,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { readPage } from '../../log/pages.ts';
import { found, Refused } from '../../refusal.ts';
import { accessOf, demandMember } from '../../rooms/access.ts';
import { commitEpoch } from '../../rooms/commit.ts';
import { leaveRoom } from '../../rooms/leave.ts';
import { hereOf, restoreRoom } from '../../rooms/restore.ts';
import { answerRequests, askForEpochs } from '../../rooms/wraps.ts';
import type { Service } from '../../service.ts';
import { jsonLimit } from '../body.ts';
import type { Endpoints } from '../endpoint.ts';
import { inviteKeyOf, roomOf, wholeNumber } from '../parameters.ts';

/** Bytes of headers in one answer; who needs more asks again after the last. */
const HEADERS_BYTES = 4_194_304;
const ROOM = ':room' as RoomId;

/** Epochs, log, marks, leaving, and the recovery of epoch secrets. */
export function roomRoutes(endpoints: Endpoints, service: Service): void {
  const { store } = service;

  endpoints.signed(
    {
      method: 'POST',
      path: PATHS.epochs(ROOM),
      body: CommitEpochSchema,
      limit: LIMITS.httpBody,
      status: 201,
      rate: 'epochs',
    },
    (signer, body, asked) => commitEpoch(service, signer, { room: roomOf(asked), ...body }),
  );
  endpoints.signed({ method: 'GET', path: PATHS.headers(ROOM) }, async ({ account }, _body, asked) => {
    const room = roomOf(asked);
    const { to } = await accessOf(store, room, account);
    const after = wholeNumber('after', asked.query('after')) ?? 0;
    const headers = await store.rooms.headers(room, after, to, HEADERS_BYTES);
    const bytes = headers.reduce((sum, { signed }) => sum + signed.length, 0);
    // Where the largest header would still have fitted, none was left out.
    return { headers: headers.map(asHeader), more: bytes + LIMITS.epochHeader > HEADERS_BYTES };
  });
  endpoints.signed({ method: 'GET', path: PATHS.log(ROOM) }, ({ account }, _body, asked) => {
    const after = wholeNumber('after', asked.query('after'));
    const before = wholeNumber('before', asked.query('before'));
    const limit = wholeNumber('limit', asked.query('limit')) ?? LIMITS.page;
    if (limit < 1) throw new Refused('malformed', 'limit: expected at least 1.');
    return readPage(store, {
      room: roomOf(asked),
      account,
      limit: Math.min(limit, LIMITS.page),
      ...(after === undefined ? {} : { after }),
      ...(before === undefined ? {} : { before }),
    });
  });
  endpoints.signed({ method: 'GET', path: PATHS.marks(ROOM) }, async ({ account }, _body, asked) => {
    const room = roomOf(asked);
    await demandMember(store, room, account);
    const newer = service.journal.marksOf(room); // what is no longer here is in the store
    const kept = await store.log.marks(room);
    const marks = new Map([...kept, ...newer].map((mark) => [`${mark.account}${mark.device}`, mark]));
    return { marks: [...marks.values()].map(({ account, device, body }) => ({ account, device, body })) };
  });
  endpoints.signed(
    {
      method: 'POST',
      path: PATHS.leave(ROOM),
      body: LeaveRequestSchema,
      limit: jsonLimit(LIMITS.leave),
      rate: 'epochs',
    },
    (signer, { leave }, asked) => leaveRoom(service, signer, { room: roomOf(asked), leave }),
  );
  endpoints.signed(
    {
      method: 'POST',
      path: PATHS.restoredRoom(ROOM),
      body: RestoreRoomSchema,
      limit: LIMITS.httpBody,
    },
    (_signer, body, asked) => restoreRoom(service, { room: roomOf(asked), ...body }),
  );
  endpoints.signed({ method: 'GET', path: PATHS.restoredRoom(ROOM) }, (_signer, _body: undefined, asked) =>
    hereOf(service, roomOf(asked)),
  );
  wrapRoutes(endpoints, service);
  endpoints.open(
    { method: 'GET', path: PATHS.invite(':key'), rate: 'invites' },
    async (_body: undefined, asked) => {
      const newest = await store.rooms.byInvite(inviteKeyOf(asked), service.now());
      return { headers: [asHeader(found(newest, 'This invite is not open any more. Ask for a new link.'))] };
    },
  );
}

function wrapRoutes(endpoints: Endpoints, service: Service): void {
  endpoints.signed(
    {
      method: 'POST',
      path: PATHS.roomWraps(ROOM),
      body: PostWrapsSchema,
      limit: LIMITS.httpBody,
    },
    (signer, body, asked) => answerRequests(service, signer, { room: roomOf(asked), ...body }),
  );
  endpoints.signed(
    { method: 'DELETE', path: '/api/rooms/:room/wraps/:epoch' },
    async ({ account, device }, _body, asked) => {
      const epoch = wholeNumber('epoch', asked.param('epoch')) ?? 0;
      await service.store.delivery.forgetWrap(roomOf(asked), epoch, account, device);
    },
  );
  endpoints.signed(
    { method: 'POST', path: PATHS.requests(ROOM), body: PostRequestsSchema, limit: 8_192 },
    (signer, { epochs }, asked) => askForEpochs(service, signer, { room: roomOf(asked), epochs }),
  );
}

const asHeader = ({ position, signed }: { position: number; signed: Uint8Array }) => ({
  position,
  header: toBase64Url(signed),
});
