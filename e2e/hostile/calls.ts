import {
  CommitEpochSchema,
  CreateAccountSchema,
  type FileId,
  type HeaderHash,
  KeysRequestSchema,
  LeaveRequestSchema,
  LoginFinishSchema,
  LoginStartSchema,
  PATHS,
  PasswordStartSchema,
  PostRequestsSchema,
  PostWrapsSchema,
  PutArchiveSchema,
  PutExchangeKeySchema,
  PutVaultSchema,
  RecoverSchema,
  RegistrationRequestSchema,
  ResetSchema,
  ResetStartSchema,
  type RoomId,
  SetPasswordSchema,
  UpdateDevicesSchema,
} from '@sotto/protocol';
import type { Method } from '../attacks/support/member.ts';
import { type Draw, type Schema, valueFor } from './values.ts';

type Call = readonly [method: Method, body?: unknown];
interface Place {
  readonly at: (draw: Draw) => string;
  readonly calls: readonly Call[];
}

const fixed = (path: string, ...calls: Call[]): Place => ({ at: () => path, calls });
const stolen = (name: string, draw: Draw) => valueFor({ type: 'string' }, name, draw) as never;
const number = (draw: Draw) => valueFor({ type: 'number' }, '', draw) as number;
const inRoom = (path: (room: RoomId) => string, ...calls: Call[]): Place => ({
  at: (draw) => path(stolen('room', draw)),
  calls,
});

/** Every call of the interface: one that is added to `PATHS` has to be added here too. */
const CALLS: { readonly [Name in keyof typeof PATHS]: Place } = {
  info: fixed(PATHS.info, ['GET']),
  opaqueRegistration: fixed(PATHS.opaqueRegistration, ['POST', RegistrationRequestSchema]),
  loginStart: fixed(PATHS.loginStart, ['POST', LoginStartSchema]),
  loginFinish: fixed(PATHS.loginFinish, ['POST', LoginFinishSchema]),
  accounts: fixed(PATHS.accounts, ['POST', CreateAccountSchema]),
  devices: fixed(PATHS.devices, ['POST', UpdateDevicesSchema]),
  exchangeKey: fixed(PATHS.exchangeKey, ['PUT', PutExchangeKeySchema]),
  vault: fixed(PATHS.vault, ['GET'], ['PUT', PutVaultSchema]),
  passwordStart: fixed(PATHS.passwordStart, ['POST', PasswordStartSchema]),
  password: fixed(PATHS.password, ['PUT', SetPasswordSchema]),
  recovery: fixed(PATHS.recovery, ['POST', RecoverSchema]),
  resetStart: fixed(PATHS.resetStart, ['POST', ResetStartSchema]),
  reset: fixed(PATHS.reset, ['POST', ResetSchema]),
  ownDevices: fixed(PATHS.ownDevices, ['GET']),
  archive: fixed(PATHS.archive, ['GET'], ['POST', PutArchiveSchema]),
  people: fixed(PATHS.people, ['GET']),
  keys: fixed(PATHS.keys, ['POST', KeysRequestSchema]),
  wraps: fixed(PATHS.wraps, ['GET']),
  epochs: inRoom(PATHS.epochs, ['POST', CommitEpochSchema]),
  headers: inRoom(PATHS.headers, ['GET']),
  log: inRoom(PATHS.log, ['GET']),
  receipts: inRoom(PATHS.receipts, ['GET']),
  accept: inRoom(PATHS.accept, ['POST']),
  leave: inRoom(PATHS.leave, ['POST', LeaveRequestSchema]),
  roomWraps: inRoom(PATHS.roomWraps, ['POST', PostWrapsSchema]),
  wrap: {
    at: (draw) => PATHS.wrap(stolen('room', draw), stolen('header', draw) as HeaderHash),
    calls: [['DELETE']],
  },
  requests: inRoom(PATHS.requests, ['POST', PostRequestsSchema]),
  files: fixed(PATHS.files, ['GET']),
  newFile: {
    at: (draw) => PATHS.newFile(stolen('file', draw), stolen('room', draw), number(draw)),
    calls: [['POST']],
  },
  newPart: {
    at: (draw) => {
      const part = { part: stolen('file', draw) as FileId, from: number(draw), to: number(draw) };
      return PATHS.newPart(stolen('file', draw), stolen('room', draw), number(draw), part);
    },
    calls: [['POST']],
  },
  file: {
    at: (draw) => PATHS.file(stolen('file', draw)),
    calls: [['GET'], ['HEAD'], ['PATCH'], ['DELETE']],
  },
  invite: { at: (draw) => PATHS.invite(stolen('room', draw), stolen('key', draw)), calls: [['GET']] },
};

const QUERIES = ['after', 'before', 'limit'];

/** One call, with a body that nearly fits. */
export function drawCall(draw: Draw): { name: string; method: Method; path: string; body?: unknown } {
  const { chance } = draw;
  const [name, place] = chance.pick(Object.entries(CALLS)) as [string, Place];
  const [method, schema] = chance.pick(place.calls) as Call;
  const at = encodeURI(place.at(draw));
  const query = method === 'GET' && chance.below(2) === 0 ? `${chance.pick(QUERIES)}=${number(draw)}` : '';
  const path = query === '' ? at : `${at}${at.includes('?') ? '&' : '?'}${query}`;
  if (schema === undefined) return { name, method, path };
  return { name, method, path, body: valueFor(schema as Schema, '', draw) };
}
