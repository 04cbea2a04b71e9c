import type { VerificationError } from '@sotto/crypto';
import type { AccountId } from '@sotto/protocol';
import type { Alarm } from '../../state.ts';
import type { EngineParts } from '../parts.ts';
import { alarmFrom } from '../rooms/context.ts';

/** Tells what is wrong with somebody's keys; a changed identity also where one talks with them. */
export function tellProblem(
  parts: Pick<EngineParts, 'context' | 'rows'>,
  { account, error }: { readonly account: AccountId; readonly error: VerificationError },
): void {
  const { context, rows } = parts;
  if (context.consent.strangers().has(account)) return; // attack 48
  const alarm = alarmFrom(error, context.clock.now(), account);
  context.notify(alarm, null);
  if (error.code === 'identity_changed') context.background(recordIdentity(rows, alarm));
}

/** K4, attack 3: a line in every conversation with this person. */
async function recordIdentity(rows: EngineParts['rows'], alarm: Alarm): Promise<void> {
  for (const { room, state } of rows.all()) {
    if (!state.header?.header.members.some((member) => member.account === alarm.account)) continue;
    await rows.update(room, (old) => {
      const line = { after: old.state.position, time: alarm.at, event: { type: 'alarm', alarm } as const };
      return { ...old, lines: [...old.lines, line] };
    });
  }
}
