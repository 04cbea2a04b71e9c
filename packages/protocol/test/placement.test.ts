import { describe, expect, it } from 'vitest';
import {
  flawOfMessage,
  headerEntryId,
  idBytes,
  isEntryOf,
  type Leave,
  type MessageHeader,
  type MessageId,
  misclaimed,
} from '../src/index.ts';
import { account, bytes, device, id, room } from './samples.ts';

const header: MessageHeader = {
  v: 1,
  kind: 'receipt',
  room: room(1),
  epoch: 4,
  account: account(2),
  device: device(3),
  id: id<MessageId>(4),
  salt: bytes(5, 16),
  counter: 7,
  list: 2,
  seen: { position: 1, chain: bytes(6) },
};

describe('[M2] a message in its place', () => {
  const { kind, epoch, ...rest } = header;
  const claim = { kind, room: rest.room, account: rest.account, device: rest.device, id: rest.id, epoch };

  it('is what is said around it, in every field that is said', () => {
    expect(misclaimed(header, claim)).toBeUndefined();
    const { id: _id, epoch: _epoch, ...least } = claim;
    expect(misclaimed(header, least)).toBeUndefined();
  });

  it.each([
    ['kind', 'log'],
    ['room', room(9)],
    ['account', account(9)],
    ['device', device(9)],
    ['id', id<MessageId>(9)],
    ['epoch', 5],
  ] as const)('[attack 5, 15] says which field differs: %s', (field, other) => {
    expect(misclaimed(header, { ...claim, [field]: other })).toBe(field);
  });

  it('has the room’s epoch, the pinned list and a counter that grows', () => {
    const here = { epoch: 4, list: 2, counter: 6 };
    expect(flawOfMessage(header, here)).toBeUndefined();
    for (const other of [3, 5]) expect(flawOfMessage(header, { ...here, epoch: other })).toBe('wrong_epoch');
    for (const list of [1, 3]) expect(flawOfMessage(header, { ...here, list })).toBe('wrong_list');
    for (const counter of [7, 8]) expect(flawOfMessage(header, { ...here, counter })).toBe('old_counter');
  });
});

describe('[D1] entries of signed objects', () => {
  it('a header’s id is the beginning of its hash', () => {
    const hash = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(idBytes(headerEntryId(hash))).toEqual(hash.slice(0, 16));
  });

  it('[attack 15] a leave stands under its own account, device and id', () => {
    const [who, by, name] = [account(1), device(2), id<MessageId>(3)];
    const leave: Leave = { v: 1, room: room(1), account: who, device: by, id: name, at: 5, header: bytes(6) };
    expect(isEntryOf(leave, leave)).toBe(true);
    for (const other of [{ account: account(9) }, { device: device(9) }, { id: id<MessageId>(9) }])
      expect(isEntryOf(leave, { ...leave, ...other })).toBe(false);
  });
});
