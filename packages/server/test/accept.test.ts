import { type AccountId, LIMITS, type RoomId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { acceptMembership } from '../src/rooms/accept.ts';
import type { Service } from '../src/service.ts';

test('[attack 48] who is in as many rooms as one may be accepts no further one, and is told', async () => {
  const asked: unknown[] = [];
  const accept = async (...all: unknown[]) => {
    asked.push(all);
    return 'limit' as const;
  };
  const service = { store: { rooms: { accept } } } as unknown as Service;
  const [room, account] = ['room' as RoomId, 'ann' as AccountId];
  await expect(acceptMembership(service, room, account)).rejects.toMatchObject({ code: 'limit' });
  expect(asked).toEqual([[room, account, LIMITS.rooms]]);
});
