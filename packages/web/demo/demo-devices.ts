import type { Connection, Notice, OwnDevice, Self } from '@sotto/client';
import { account, key, message, room } from './ids.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const id = (index: number) => message(index) as unknown as Self['device'];

export const DEMO_PHRASE =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual';

export function demoConnection(state: string, now: number): Connection {
  switch (state) {
    case 'offline':
      return { status: 'offline', retryAt: now + 25_000, why: 'unreachable' };
    case 'connecting':
      return { status: 'connecting' };
    case 'refused':
      return { status: 'refused', code: 'not_taken', why: 'unknown_device' };
    case 'removed':
      return { status: 'refused', code: 'removed' };
    case 'left':
      return { status: 'refused', code: 'signed_out' };
    default:
      return { status: 'online', skew: 0 };
  }
}

export const demoSelf = (name: string, kind: Self['kind'], state: string): Self => ({
  account: account(name),
  device: id(4),
  name,
  kind,
  vault: kind === 'guest' ? 'none' : state === 'locked' ? 'locked' : 'open',
  recoverable: state === 'recoverable',
  identity: key(name),
});

export function demoDevices(self: Self, now: number): readonly OwnDevice[] {
  const here: OwnDevice = {
    device: self.device,
    signing: key(self.device),
    name: 'Chrome on Linux',
    kind: 'browser',
    addedAt: now - 40 * DAY,
    online: true,
    seen: null,
    current: true,
  };
  const other = (index: number, device: Omit<OwnDevice, 'device' | 'signing' | 'current'>): OwnDevice => ({
    ...device,
    device: id(index),
    signing: key(id(index)),
    current: false,
  });
  if (self.kind === 'guest') return [here];
  return [
    here,
    other(5, { name: 'Safari on iOS', kind: 'browser', addedAt: now - 12 * DAY, online: true, seen: null }),
    other(6, {
      name: 'Workshop',
      kind: 'terminal',
      addedAt: now - 3 * DAY,
      online: false,
      seen: now - 5 * HOUR,
    }),
    other(7, { name: '', kind: 'browser', addedAt: now - HOUR, online: false, seen: null }),
  ];
}

export function demoNotices(state: string, now: number): readonly Notice[] {
  const base = { room: null, account: null, detail: '', at: now };
  if (state === 'new-device')
    return [{ ...base, id: 'n2', kind: 'new-device', device: { device: id(5), signing: key(id(5)) } }];
  if (state !== 'notices') return [];
  const broken = { alarm: 'bad-header', rule: 'R1', code: 'bad_header', since: null } as const;
  return [{ ...base, id: 'n1', kind: 'alarm', ...broken, room: room('work') }];
}
