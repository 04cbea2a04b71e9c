import type { LogEntry } from '@sotto/protocol';
import { expect } from 'vitest';
import { createLeave, type VerificationCode } from '../../src/index.ts';
import { NOW, type Person } from './person.ts';
import { expectRefusal } from './refusal.ts';
import { TestRoom } from './room.ts';

/** An outcome that was refused by this rule. */
export const rejected = (rule: string, code: VerificationCode) => ({
  type: 'rejected',
  error: { rule, code },
});
export const text = (body: string) => ({ kind: 'text', body }) as const;

/** A second honest device in the same room, at the same place, with its own view. */
export function twin(room: TestRoom): TestRoom {
  const other = new TestRoom(structuredClone(room.state), [...room.people]);
  for (const [epoch, secret] of room.secrets) other.secrets.set(epoch, secret);
  for (const [position, chain] of room.chains) other.chains.set(position, chain);
  return other;
}

/** The server is caught: the state did not move. */
export async function expectAlarm(room: TestRoom, entry: LogEntry, rule: string, code: VerificationCode) {
  const before = structuredClone(room.state);
  await expectRefusal(room.take(entry), rule, code);
  expect(room.state).toEqual(before);
}

/** The members as the room's header has them. */
export const members = (room: TestRoom) => room.header.header.members;

/** A leave statement placed in the log. */
export async function leave(room: TestRoom, person: Person) {
  const { signed, id } = await createLeave({
    ...person.author(),
    at: NOW,
    header: room.header,
    signing: person.main.signing,
  });
  return { signed, outcome: await room.take(room.entry('leave', person.author(), signed, id)) };
}
