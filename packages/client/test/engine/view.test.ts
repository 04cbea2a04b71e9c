import { type Content, NO_PROFILE, newProfile } from '@sotto/crypto';
import type { AccountId } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { advanceRow } from '../../src/engine/rooms/log/activity.ts';
import { orderOf, roomView } from '../../src/engine/view.ts';
import type { Trust } from '../../src/state.ts';
import { anyGroup, roomRow, someone, text, waiting } from './support/rows.ts';

const [me, ann, ben] = [someone(), someone(), someone()];
const names = new Map([
  [me.account, 'Me'],
  [ann.account, 'Ann'],
  [ben.account, 'Ben'],
]);

function facts(trust: Partial<Record<AccountId, Trust>> = {}) {
  const directory = {
    nameOf: (account: AccountId) => names.get(account) ?? '?',
    trustOf: (account: AccountId) => trust[account] ?? 'unverified',
    lists: { peek: () => undefined },
  };
  return { self: me.account, directory, hears: () => true, typing: [], work: null, waiting: [] };
}

describe('title', () => {
  test('a group goes by its name, without one by the people in it, alone by oneself', async () => {
    const row = await roomRow([me, ann, ben]);
    expect(roomView(row, facts()).title).toBe('Group');
    const unnamed = { ...row, profile: NO_PROFILE };
    expect(roomView(unnamed, facts()).title).toBe('Ann, Ben');
    expect(roomView({ ...(await roomRow([me])), profile: unnamed.profile }, facts()).title).toBe('Me');
  });
});

test('what is deleted or edited here shows in the list before it was sent', async () => {
  const said = text(3, me, 'a secret');
  const row = advanceRow(await roomRow([me, ann]), [said], { account: me.account, hears: () => true });
  const shown = (...contents: Content[]) =>
    roomView(row, { ...facts(), waiting: contents.map((content, at) => waiting(at, content)) }).last?.preview;
  expect(shown({ kind: 'delete', target: 2 })).toBe('a secret');
  expect(shown({ kind: 'edit', target: 3, body: 'no secret' })).toBe('no secret');
  expect(shown({ kind: 'edit', target: 3, body: 'x' }, { kind: 'delete', target: 3 })).toBe('');
});

describe('before the log is read', () => {
  test('a room is shown by its newest signed header, and by what was read once that is as new', async () => {
    const row = await roomRow([me, ann, ben]);
    const { header } = row.state;
    if (!header) throw new Error('a room with a header');
    const newer = {
      ...header,
      header: { ...header.header, epoch: 4, members: header.header.members.slice(0, 2) },
    };
    const ahead = { header: newer, profile: newProfile({ name: 'Renamed', topic: 'new' }) };
    for (const state of [row.state, { ...row.state, header: null }]) {
      const shown = roomView({ ...row, state, ahead }, facts());
      expect(shown).toMatchObject({ title: 'Renamed', topic: 'new', epoch: 4, reading: true });
      expect(shown.members.map(({ name }) => name)).toEqual(['Me', 'Ann']);
    }
    const read = { ...row.state, header: newer };
    expect(roomView({ ...row, state: read, ahead }, facts())).toMatchObject({
      title: 'Group',
      reading: false,
    });
    expect(orderOf([{ ...row, state: { ...row.state, header: null } }])).toEqual([row.room]);
  });
});

describe('security', () => {
  test('verified only when everyone else is', async () => {
    const row = await roomRow([me, ann, ben]);
    expect(roomView(row, facts()).security).toEqual({ state: 'unverified' });
    expect(roomView(row, facts({ [ann.account]: 'verified' })).security).toEqual({ state: 'unverified' });
    const both = facts({ [ann.account]: 'verified', [ben.account]: 'verified' });
    expect(roomView(row, both).security).toEqual({ state: 'verified' });
    expect(roomView(await roomRow([me]), facts()).security).toEqual({ state: 'unverified' });
  });

  test('[K4, attack 3] a changed identity names the person and blocks sending; out of the room it does not matter', async () => {
    const changed = facts({ [ben.account]: 'changed' });
    const row = await roomRow([me, ann, ben]);
    expect(roomView(row, changed).security).toMatchObject({
      state: 'attention',
      blocksSending: true,
      alarm: { rule: 'K4', account: ben.account },
    });
    expect(roomView({ ...row, standing: 'removed' }, changed).security.state).toBe('unverified');
  });

  test('an alarm of the room comes first', async () => {
    const alarm = {
      rule: 'D1',
      code: 'rollback',
      kind: 'rollback',
      account: null,
      detail: 'less',
      at: 1,
    } as const;
    const row = await roomRow([me, ann], { alarm });
    expect(roomView(row, facts({ [ann.account]: 'changed' })).security).toMatchObject({
      alarm: { rule: 'D1' },
    });
  });
});

test('rooms are ordered by their newest activity, else by when they were made', async () => {
  const make = async (time: number | null) => {
    const room = anyGroup();
    const last = time === null ? null : { position: 1, time, account: ann.account, line: null, event: null };
    return { ...(await roomRow([me, ann], { last })), room };
  };
  const [old, fresh, quiet] = [await make(2_000), await make(9_000), await make(null)];
  expect(orderOf([quiet, old, fresh])).toEqual([fresh.room, old.room, quiet.room]);
});
