import { expect, test } from 'vitest';
import { gateOf } from '../../src/engine/rooms/sending/gate.ts';
import type { RoomRow } from '../../src/engine/rows.ts';
import type { Alarm, Trust } from '../../src/state.ts';
import { roomRow, someone } from './support/rows.ts';

const [me, ann] = [someone(), someone()];
const alarm: Alarm = { rule: 'M2', code: 'fork', kind: 'fork', account: null, detail: 'two logs', at: 1 };
const known = (_account: string): Trust => 'unverified';

async function held(change: Partial<RoomRow>, trustOf = known) {
  const gate = gateOf({ ...(await roomRow([me, ann])), ...change }, trustOf);
  return gate.state === 'held' ? gate.why : null;
}

test('it is open to a member of a room in which nothing is wrong', async () => {
  const row = await roomRow([me, ann]);
  expect(gateOf(row, known)).toEqual({ state: 'open', header: row.state.header });
});

test('[R5] nothing is sealed before the log was read, nor by who is out', async () => {
  const { state } = await roomRow([me, ann]);
  expect(await held({ state: { ...state, header: null } })).toEqual({ reason: 'no-header' });
  for (const standing of ['left', 'removed'] as const) {
    expect(await held({ standing })).toEqual({ reason: 'not-member' });
  }
});

test('[attack 3] [attack 8] [K4] an alarm, or another identity of any member, holds everything', async () => {
  expect(await held({ alarm })).toEqual({ reason: 'alarm', alarm });
  const changed = (account: string): Trust => (account === ann.account ? 'changed' : 'verified');
  expect(await held({}, changed)).toEqual({ reason: 'identity', account: ann.account });
});

test('[attack 11] so does a change that does not show, and a removal on its way; one that is done does not', async () => {
  expect(await held({ unconfirmed: 2 })).toEqual({ reason: 'unconfirmed' });
  expect(await held({ removing: [ann.account] })).toEqual({ reason: 'unconfirmed' });
  expect(await held({ removing: [someone().account] })).toBeNull();
});
