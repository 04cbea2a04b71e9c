import {
  type AccountId,
  type Asker,
  type FrameOf,
  type HeaderHash,
  LIMITS,
  type PostWraps,
} from '@sotto/protocol';
import { accountTopic } from '../bus/bus.ts';
import { type Device, RequestDesk } from '../realtime/request-desk.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { Helpers } from '../store/store.ts';
import { demandMember } from './access.ts';

/** Askers whom a device that comes may help at once; the others ask again themselves. */
const WAITING = 50;

type Parts = Pick<Service, 'store' | 'lists' | 'bus' | 'presence' | 'now'>;

const sinceWhen = (now: () => number): number => now() - LIMITS.requestAge;

/** R6, attack 50: what devices ask for goes to one device of one member at a time. */
export function openDesk(parts: Parts, onError: (error: unknown) => void): RequestDesk {
  const { store, bus, now } = parts;
  const turn = { next: 0 };
  return new RequestDesk({
    open: (asker) => store.delivery.asked(asker, sinceWhen(now)),
    helpers: (asker) => helpersFor(parts, asker, turn.next++),
    hand: ({ account, device }, asker, headers) => {
      const frame: FrameOf<'requests'> = { t: 'requests', ...asker, headers: [...headers] };
      bus.publish(accountTopic(account), { type: 'device', device, frame });
    },
    onError,
  });
}

async function helpersFor(
  { store, lists, presence, now }: Parts,
  asker: Asker,
  turn: number,
): Promise<Device[]> {
  const { members, lacking } = await store.delivery.helpers(asker, sinceWhen(now));
  const passed = new Set([asker, ...lacking].map(({ account, device }) => `${account}.${device}`));
  const devices: Device[] = [];
  for (const account of inOrder(members, asker, turn)) {
    if (!presence.isOnline(account)) continue;
    for (const { device } of (await lists.newest(account))?.list.devices ?? []) {
      if (presence.hasDevice(account, device) && !passed.has(`${account}.${device}`))
        devices.push({ account, device });
    }
  }
  return devices;
}

/**
 * The account itself first, then who stands in most of the headers and so holds most secrets; of those that are alike
 * another one begins each time.
 */
function inOrder(members: Helpers['members'], asker: Asker, turn: number): AccountId[] {
  const rank = ({ account, stands }: Helpers['members'][number]) =>
    account === asker.account ? Number.POSITIVE_INFINITY : (stands ?? -1);
  const begin = turn % Math.max(1, members.length);
  return [...members.slice(begin), ...members.slice(0, begin)]
    .sort((a, b) => rank(b) - rank(a))
    .map(({ account }) => account);
}

/** R6: a device asks for the secrets of headers in which its account stands. @throws Refused 'forbidden', 'limit' */
export async function askForSecrets(
  { store, desk, limiter, now }: Service,
  asker: Asker,
  asked: readonly HeaderHash[],
): Promise<void> {
  const headers = [...new Set(asked)];
  limiter.demand('asking', asker.account, headers.length);
  const limits = { device: LIMITS.requests, account: LIMITS.requestsAll };
  switch (await store.delivery.ask(asker, headers, { now: now(), since: sinceWhen(now), limits })) {
    case 'not_entitled':
      throw new Refused('forbidden', 'This account was not a member in that epoch.');
    case 'limit':
      throw new Refused('limit', 'This device asks for too many secrets at a time.');
    case 'asked':
      desk.asked(asker);
  }
}

/**
 * R6: a member's device answers what it was asked for. What is not asked for any more is left out: an answer said again is
 * answered alike, and nobody spoils a wrap that waits (attack 27).
 * @throws Refused 'not_member', 'forbidden', 'stale_key'
 */
export async function answerRequests(
  { store, desk, bus }: Service,
  author: Device,
  asker: Asker,
  { key, wraps }: Pick<PostWraps, 'key' | 'wraps'>,
): Promise<void> {
  await demandMember(store, asker.room, author.account);
  if (!desk.handed(asker, author)) throw new Refused('forbidden', 'This device was not asked for that.');
  const taken = await store.delivery.answer(asker, key, wraps);
  if (taken === 'stale_key') throw new Refused('stale_key');
  const { account, device } = asker;
  for (const wrap of taken) {
    bus.publish(accountTopic(account), { type: 'device', device, frame: { t: 'wrap', wrap } });
  }
  desk.answered(asker, author);
}

/** R6: what waits for somebody to help, when a device of a member comes. */
export async function offerHelp({ store, desk, now }: Service, { account, device }: Device): Promise<void> {
  desk.arrived(await store.delivery.askers(account, device, sinceWhen(now), WAITING));
}
