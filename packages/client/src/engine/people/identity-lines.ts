import type { VerificationError } from '@sotto/crypto';
import type { AccountId } from '@sotto/protocol';
import type { Alarm } from '../../state.ts';
import type { EngineParts } from '../parts.ts';
import { alarmFrom, type RoomContext } from '../rooms/context.ts';
import type { RoomRows } from '../rooms/room-rows.ts';

interface Needs extends Pick<RoomContext, 'background' | 'clock' | 'consent' | 'notify'> {
  readonly rows: RoomRows;
}

/** Tells what is wrong with somebody's keys; a changed identity also where one talks with them. */
export function tellProblem(
  context: Needs,
  { account, error }: { readonly account: AccountId; readonly error: VerificationError },
): void {
  if (context.consent.strangers().has(account)) return; // attack 48
  const alarm = alarmFrom(error, context.clock.now(), account);
  context.notify(alarm, null);
  if (error.code === 'identity_changed') context.background(recordIdentity(context.rows, alarm));
}

/** K4, attack 3: a line in every conversation with this person. */
async function recordIdentity(rows: RoomRows, alarm: Alarm): Promise<void> {
  for (const { room, state } of rows.all()) {
    if (!state.header?.header.members.some((member) => member.account === alarm.account)) continue;
    await rows.update(room, (old) => {
      const line = { after: old.state.position, time: alarm.at, event: { type: 'alarm', alarm } as const };
      return { ...old, lines: [...old.lines, line] };
    });
  }
}

/** K4: the user goes on with this person: their rooms say so, and are no longer held by it. */
export async function goOnWith(
  { background, clock, consent, epochs, outbox, rows }: Needs & Pick<EngineParts, 'epochs' | 'outbox'>,
  account: AccountId,
): Promise<void> {
  const time = clock.now();
  const event = { type: 'identity-accepted', account } as const;
  for (const row of rows.all()) {
    const { room, state } = row;
    if (!state.header?.header.members.some((member) => member.account === account)) continue;
    await rows.update(room, (old) => ({
      ...old,
      alarm: old.alarm?.kind === 'identity-changed' ? null : old.alarm,
      lines: [...old.lines, { after: old.state.position, time, event }],
    }));
    // The next epoch carries the new identity; where only an admin may say so, an admin's device will (attack 48: or
    // where the room was not accepted, once it is).
    const ours = consent.isOpen(room) && epochs.mayCarryOver(row);
    background((ours ? epochs.change(room, {}) : Promise.resolve()).then(() => outbox.pump(room)));
  }
}
