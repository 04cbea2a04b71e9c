import {
  LIMITS,
  PATHS,
  RestoreAccountSchema,
  RestorePeopleSchema,
  RestoreRoomSchema,
  type RoomId,
} from '@sotto/protocol';
import { keepAbsent, restoreAccount } from '../../restoring/accounts.ts';
import { bringLog, hereOf } from '../../restoring/rooms.ts';
import type { Service } from '../../service.ts';
import type { Endpoints } from '../endpoint.ts';
import { roomOf } from '../parameters.ts';

const ROOM = ':room' as RoomId;

/** D1: people come back from their own backups, while the operator lets them. */
export function restoreRoutes(endpoints: Endpoints, service: Service): void {
  const common = { limit: LIMITS.httpBody, offered: () => service.restoring.demand() } as const;
  const post = { ...common, method: 'POST' } as const;
  const counted = { ...post, rate: 'restores' } as const;

  endpoints.open(
    {
      ...post,
      path: PATHS.restoredAccount,
      body: RestoreAccountSchema,
      limit: LIMITS.restoredAccount,
      status: 201,
      rate: 'registrations',
    },
    (body) => restoreAccount(service, body),
  );
  endpoints.signed(
    { ...counted, path: PATHS.restoredPeople, body: RestorePeopleSchema },
    ({ account }, { people }) => keepAbsent(service, account, people),
  );
  endpoints.signed(
    { ...counted, path: PATHS.restoredRoom(ROOM), body: RestoreRoomSchema },
    ({ account: by }, body, asked) => bringLog(service, { room: roomOf(asked), by, ...body }),
  );
  endpoints.signed(
    { ...common, method: 'GET', path: PATHS.restoredRoom(ROOM) },
    ({ account }, _body: undefined, asked) => hereOf(service, roomOf(asked), account),
  );
}
