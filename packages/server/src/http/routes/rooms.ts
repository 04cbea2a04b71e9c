import {
  CommitEpochSchema,
  type HeaderHash,
  LeaveRequestSchema,
  LIMITS,
  PATHS,
  PostRequestsSchema,
  PostWrapsSchema,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { readPage } from '../../log/pages.ts';
import { found, Refused } from '../../refusal.ts';
import { acceptMembership } from '../../rooms/accept.ts';
import { accessOf, demandMember } from '../../rooms/access.ts';
import { commitEpoch } from '../../rooms/commit.ts';
import { leaveRoom } from '../../rooms/leave.ts';
import { answerRequests, askForSecrets } from '../../rooms/requests.ts';
import type { Service } from '../../service.ts';
import type { StoredHeader } from '../../store/store.ts';
import { jsonLimit } from '../body.ts';
import type { Endpoints } from '../endpoint.ts';
import { headerOf, inviteKeyOf, roomOf, wholeNumber } from '../parameters.ts';

/** Bytes of headers in one answer; who needs more asks again after the last. */
const HEADERS_BYTES = 4_194_304;
/** The same for whoever holds a link: what happened between looking and joining. */
const INVITED_BYTES = 262_144;
const ROOM = ':room' as RoomId;

/** Epochs, log, receipts, leaving, and the recovery of epoch secrets. */
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
    return headerPage(headers, HEADERS_BYTES);
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
  endpoints.signed({ method: 'GET', path: PATHS.receipts(ROOM) }, async ({ account }, _body, asked) => {
    const room = roomOf(asked);
    await demandMember(store, room, account);
    const newer = service.journal.receiptsOf(room); // what is no longer here is in the store
    const kept = await store.log.receipts(room);
    const receipts = new Map(
      [...kept, ...newer].map((receipt) => [`${receipt.account}${receipt.device}`, receipt]),
    );
    return {
      receipts: [...receipts.values()].map(({ account, device, body }) => ({ account, device, body })),
    };
  });
  endpoints.signed(
    { method: 'POST', path: PATHS.accept(ROOM), rate: 'epochs' },
    ({ account }, _body: undefined, asked) => acceptMembership(service, roomOf(asked), account),
  );
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
  wrapRoutes(endpoints, service);
  endpoints.open(
    { method: 'GET', path: PATHS.invite(ROOM, ':key'), rate: 'invites' },
    async (_body: undefined, asked) => {
      const room = roomOf(asked);
      const newest = await store.rooms.byInvite(room, inviteKeyOf(asked), service.now());
      const header = found(newest, 'This invite is not open any more. Ask for a new link.');
      const after = wholeNumber('after', asked.query('after'));
      if (after === undefined) return { headers: [asHeader(header)] };
      return headerPage(
        await store.rooms.headers(room, after, header.position, INVITED_BYTES),
        INVITED_BYTES,
      );
    },
  );
}

function wrapRoutes(endpoints: Endpoints, service: Service): void {
  endpoints.signed(
    {
      method: 'POST',
      path: PATHS.roomWraps(ROOM),
      body: PostWrapsSchema,
      limit: jsonLimit(LIMITS.requests * (LIMITS.wrap + 64)),
    },
    (signer, { account, device, ...answer }, asked) =>
      answerRequests(service, signer, { room: roomOf(asked), account, device }, answer),
  );
  endpoints.signed(
    { method: 'DELETE', path: PATHS.wrap(ROOM, ':header' as HeaderHash) },
    ({ account, device }, _body: undefined, asked) =>
      service.store.delivery.forgetWrap(headerOf(asked), account, device),
  );
  endpoints.signed(
    { method: 'POST', path: PATHS.requests(ROOM), body: PostRequestsSchema, limit: LIMITS.requests * 48 },
    ({ account, device }, { headers }, asked) =>
      askForSecrets(service, { room: roomOf(asked), account, device }, headers),
  );
}

/** Where the largest header would still have fitted, none was left out. */
function headerPage(headers: readonly StoredHeader[], maxBytes: number) {
  const bytes = headers.reduce((sum, { signed }) => sum + signed.length, 0);
  return { headers: headers.map(asHeader), more: bytes + LIMITS.epochHeader > maxBytes };
}

const asHeader = ({ position, time, signed }: StoredHeader) => ({
  position,
  time,
  header: toBase64Url(signed),
});
