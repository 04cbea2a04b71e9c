import {
  type AccountId,
  type Bytes,
  CLOSE,
  type ClientFrame,
  type DeviceId,
  equalBytes,
  flawOfMessage,
  parseClientFrame,
  REFUSALS,
} from '@sotto/protocol';
import { roomTopic } from '../bus/bus.ts';
import { bytesOf } from '../digest.ts';
import { checkEnvelope } from '../log/envelope.ts';
import { asRefused, Refused } from '../refusal.ts';
import { FULL } from '../rooms/access.ts';
import type { Service } from '../service.ts';
import type { AppendResult, FalseClaim } from '../store/store.ts';
import type { Connection } from './connection.ts';
import { readPlainSend } from './plain-send.ts';

type Frame<T extends ClientFrame['t']> = Extract<ClientFrame, { t: T }>;
type Device = { readonly account: AccountId; readonly device: DeviceId };

/** What an authenticated device sends. Sends of one connection enter the log in the order they came. */
export function receive(service: Service, connection: Connection, device: Device, text: string): void {
  const plain = readPlainSend(text);
  const parsed = plain ? { ok: true as const, value: plain.frame } : parseClientFrame(text);
  if (!parsed.ok) {
    refuse(service, connection, device, { t: 'frame' }, new Refused('malformed', `Frame: ${parsed.reason}.`));
    return;
  }
  const frame = parsed.value;
  try {
    if (frame.t === 'send') send(service, connection, device, frame, plain?.body ?? bytesOf(frame.body));
    else if (frame.t === 'auth') throw new Refused('malformed', 'This connection is authenticated already.');
    else if (frame.t === 'ping') {
      service.limiter.demand('signals', keyOf(device));
      connection.send({ t: 'pong', time: service.now() });
    } else {
      relay(service, connection, device, frame).catch((error: unknown) =>
        refuse(service, connection, device, frame, error),
      );
    }
  } catch (error) {
    refuse(service, connection, device, frame, error);
  }
}

const keyOf = (device: Device) => `${device.account}.${device.device}`;

/** D3, R5: idempotency, then epoch, then rate; the first two in the commit itself. */
function send(
  service: Service,
  connection: Connection,
  device: Device,
  frame: Frame<'send'>,
  body: Bytes,
): void {
  const { room, epoch, id, files } = frame;
  const claims = checkEnvelope(body, { kind: 'log', room, epoch, id, ...device });
  const wait = service.limiter.take('sends', keyOf(device));
  if (wait > 0) {
    beyondRate(service, connection, device, frame, wait).catch((error: unknown) =>
      refuse(service, connection, device, frame, error),
    );
    return;
  }
  const taken = service.journal.send({
    append: { room, epoch, id, body, claims, ...device, ...(files ? { files } : {}) },
    text: frame.body,
    answer: (result) => answer(service, connection, device, frame, result),
  });
  if (!taken) throw new Refused('busy', undefined, { wait: 1_000 });
}

/** Too fast; yet a retry gets its first answer, and a stale sender learns the epoch. */
async function beyondRate(
  service: Service,
  connection: Connection,
  device: Device,
  frame: Frame<'send'>,
  wait: number,
): Promise<void> {
  const { room, id } = frame;
  const before = await service.store.log.find({ room, id, ...device });
  if (before) {
    answer(service, connection, device, frame, before);
    return;
  }
  const standing = await service.store.rooms.standing(room, device.account);
  if (!standing) throw new Refused('not_member');
  if (standing.epoch !== frame.epoch) throw new Refused('stale_epoch', undefined, { epoch: standing.epoch });
  throw new Refused('rate_limited', undefined, { wait });
}

function answer(
  service: Service,
  connection: Connection,
  device: Device,
  frame: Frame<'send'>,
  result: AppendResult | { type: 'failed' },
): void {
  switch (result.type) {
    case 'appended':
    case 'repeated': {
      const { position, time } = result;
      connection.send({ t: 'ack', room: frame.room, id: frame.id, position, time });
      return;
    }
    case 'stale_epoch': {
      const refused = new Refused('stale_epoch', undefined, { epoch: result.epoch });
      refuse(service, connection, device, frame, refused);
      return;
    }
    case 'failed':
      refuse(service, connection, device, frame, new Refused('internal'));
      return;
    case 'false_seen':
    case 'wrong_list':
    case 'old_counter':
      refuse(service, connection, device, frame, new Refused('malformed', FALSE_CLAIMS[result.type]));
      return;
    case 'full':
      refuse(service, connection, device, frame, new Refused('limit', FULL));
      return;
    case 'not_member':
    case 'id_reused':
    case 'file_missing':
      refuse(service, connection, device, frame, new Refused(result.type));
  }
}

/** M2, attack 27: every honest client would refuse such a message, or stop at it. */
const FALSE_CLAIMS: Record<FalseClaim, string> = {
  false_seen: 'The message header names a log position that is not in this log.',
  wrong_list: 'The message header names another device list than the header of the room.',
  old_counter: "The message header's counter is not above the last one of this device.",
};

/** Signals are passed on and forgotten; of receipts the newest is kept. */
async function relay(
  service: Service,
  connection: Connection,
  device: Device,
  frame: Frame<'signal' | 'receipt'>,
): Promise<void> {
  const { room, epoch, body, t } = frame;
  service.limiter.demand('signals', keyOf(device));
  const { seen, ...claims } = checkEnvelope(bytesOf(body), { kind: t, room, epoch, ...device });
  const standing = await service.store.rooms.standing(room, device.account);
  if (!standing) throw new Refused('not_member');
  const flaw = flawOfMessage({ ...claims, epoch }, { ...standing, counter: 0 });
  if (flaw === 'wrong_epoch') throw new Refused('stale_epoch', undefined, { epoch: standing.epoch });
  if (flaw) throw new Refused('malformed', FALSE_CLAIMS[flaw]);
  const chain = await service.store.log.chainAt(room, seen.position);
  if (!chain || !equalBytes(chain, seen.chain)) {
    throw new Refused('malformed', FALSE_CLAIMS.false_seen);
  }
  const from = connection.id;
  if (t === 'signal') {
    service.bus.publish(roomTopic(room), { type: 'relay', frame: { t, room, body, ...device }, from });
    return;
  }
  service.journal.receipt({ room, body, ...device });
  service.bus.publish(roomTopic(room), { type: 'receipt', receipt: { body, ...device }, from });
}

/** D7: says no, and closes the connection of who never stops. */
function refuse(
  service: Service,
  connection: Connection,
  device: Device,
  frame: Pick<Partial<Frame<'send'>>, 'room' | 'id'> & { t: string },
  error: unknown,
): void {
  const refused = asRefused(error) ?? new Refused('internal');
  service.metrics.refused(refused.code);
  if (refused.code === 'internal') service.log.error({ err: error }, 'a frame failed');
  if (service.limiter.take('refusals', keyOf(device)) > 0) {
    connection.bye('rate_limited', CLOSE.rateLimited, REFUSALS.rate_limited[1]);
    return;
  }
  const { epoch, wait } = refused.details;
  connection.send({
    t: 'refused',
    re: frame.t,
    code: refused.code,
    message: refused.message.slice(0, 500),
    ...(frame.room === undefined ? {} : { room: frame.room }),
    ...(frame.id === undefined ? {} : { id: frame.id }),
    ...(epoch ? { epoch } : {}),
    ...(wait === undefined ? {} : { wait }),
  });
}
