import { describe, expect, it } from 'vitest';
import { DemoEngine } from '../demo/demo-engine.ts';
import { account, key, room } from '../demo/ids.ts';
import { formatRoute, parseRoute, roomRoute, settingsRoute } from '../src/app/router.ts';
import { nextIndex } from '../src/app/roving.ts';
import { eventWords } from '../src/conversation/event-words.ts';
import { avatarOf, initialsOf } from '../src/design/avatar.ts';
import { inviteAddress } from '../src/details/invite-link.ts';
import { badgeCount, isNoteworthy } from '../src/notifications/decide.ts';
import { DEFAULT_PREFERENCES, parsePreferences } from '../src/settings/preferences.ts';
import { texts } from './english.ts';

describe('addresses', () => {
  it.each([
    { page: 'home' } as const,
    { page: 'people' } as const,
    { page: 'devices' } as const,
    settingsRoute(),
    settingsRoute('phrase'),
    { page: 'join', fragment: 'abc_-' } as const,
    roomRoute(room('a')),
    roomRoute(room('a'), { details: true }),
    roomRoute(room('a'), { at: 12 }),
  ])('%o survives its address', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });
  it('anything else is home', () => {
    for (const hash of ['', '#', '#/room/short', '#/room/<script>', '#/settings/x', '#/nowhere']) {
      expect(parseRoute(hash)).toEqual({ page: 'home' });
    }
  });
  it('[R7] an invite keeps its secret in the fragment', () => {
    const address = inviteAddress('c2VjcmV0', 'https://chat.example.org');
    expect(address).toBe('https://chat.example.org/#/join/c2VjcmV0');
    expect(inviteAddress('#/join/c2VjcmV0', 'https://chat.example.org')).toBe(address);
    expect(inviteAddress(address, 'https://elsewhere.example')).toBe(address);
  });
});

describe('words', () => {
  const { state } = new DemoEngine('Alice', 'guest', { alone: false, quiet: true, online: 'online' });
  const garden = state.rooms.get(room('garden'));
  const say = (by: string, event: Parameters<typeof eventWords>[3]['event']) =>
    eventWords(texts, state, garden, { account: account(by), event });
  it('name who did what to whom', () => {
    expect(say('Bob', { type: 'added', account: account('Carol') })).toBe('Bob added Carol');
    expect(say('Alice', { type: 'removed', account: account('Bob') })).toBe('You removed Bob');
    expect(say('Alice', { type: 'invites', opened: 0, ended: 2 })).toBe('You ended 2 invite links');
    expect(say('Bob', { type: 'invites', opened: 1, ended: 1 })).toBe(
      'Bob opened 1 invite link and ended 1 invite link',
    );
    expect(say('Bob', { type: 'added', account: account('Alice') })).toBe('Bob added you');
    expect(say('Bob', { type: 'devices', account: account('Bob'), list: 2 })).toBe('Bob’s devices changed');
    expect(say('Alice', { type: 'rekeyed' })).toBe('New keys, made by you');
    expect(say('Carol', { type: 'identity', account: account('Carol') })).toBe(
      'Carol’s security key changed',
    );
  });
  it('have plurals', () => {
    expect(texts.list.unread({ count: 1 })).toBe('1 unread message');
    expect(texts.list.unread({ count: 2 })).toBe('2 unread messages');
    expect(texts.list.typingNames({ names: texts.local.and(['A', 'B']), count: 2 })).toBe(
      'A and B are typing …',
    );
    expect(texts.details.removeText({ name: 'Bob', invites: 1 })).toMatch(
      /1 invite link ends, since Bob may know it\.$/,
    ); // attack 45
    expect(texts.details.removeText({ name: 'Bob', invites: 2 })).toMatch(
      /2 invite links end, since Bob may know them\.$/,
    );
    expect(texts.details.removeText({ name: 'Bob', invites: 0 })).not.toMatch(/invite/);
    expect(texts.message.delivered({ to: 1, of: 1 })).toBe('Delivered');
    expect(texts.message.delivered({ to: 2, of: 7 })).toBe('Delivered to 2 of 7');
  });
  it('tell times by how long ago they are', () => {
    const now = new Date(2026, 5, 10, 12).getTime();
    expect(texts.local.day(now, now)).toBe('Today');
    expect(texts.local.day(now - 13 * 3_600_000, now)).toBe('Yesterday');
    expect(texts.local.short(now - 24 * 3_600_000, now)).toBe('Yesterday');
    expect(texts.local.seen(now - 5 * 60_000, now)).toBe('Online 5 minutes ago');
    expect(texts.local.seen(null, now)).toBe('Offline');
  });
});

describe('notifications', () => {
  it('let only mentions through from muted conversations, where wanted', () => {
    const muted = { muted: true, mentionsSelf: false };
    expect(isNoteworthy({ muted: false, mentionsSelf: false }, DEFAULT_PREFERENCES)).toBe(true);
    expect(isNoteworthy(muted, DEFAULT_PREFERENCES)).toBe(false);
    expect(isNoteworthy({ ...muted, mentionsSelf: true }, DEFAULT_PREFERENCES)).toBe(true);
    const strict = { ...DEFAULT_PREFERENCES, mentionsBreakThrough: false };
    expect(isNoteworthy({ ...muted, mentionsSelf: true }, strict)).toBe(false);
  });
  it('count muted conversations by their mentions', () => {
    const { state } = new DemoEngine('Alice', 'guest', { alone: false, quiet: true, online: 'online' });
    expect(badgeCount(state.rooms, DEFAULT_PREFERENCES)).toBe(4 + 1);
  });
});

describe('small parts', () => {
  it('preferences take over what fits and nothing else', () => {
    expect(parsePreferences(null)).toEqual(DEFAULT_PREFERENCES);
    expect(parsePreferences('{"theme":"dark","sound":"loud","enterSends":false}')).toEqual({
      ...DEFAULT_PREFERENCES,
      theme: 'dark',
      enterSends: false,
    });
    expect(parsePreferences('nonsense')).toEqual(DEFAULT_PREFERENCES);
  });
  it('avatars are the same for the same key and differ for others', () => {
    expect(avatarOf(key('Bob'), 'Bob')).toEqual(avatarOf(key('Bob'), 'Bob'));
    expect(avatarOf(key('Bob'), 'Bob')).not.toEqual(avatarOf(key('Carol'), 'Bob'));
    expect(initialsOf('Zoë von Hohenfels')).toBe('ZH');
    expect(initialsOf('李雷')).toBe('李');
  });
  it('arrow keys stop at the ends', () => {
    expect(nextIndex('ArrowDown', 2, 3)).toBe(2);
    expect(nextIndex('ArrowUp', 0, 3)).toBe(0);
    expect(nextIndex('ArrowDown', -1, 3)).toBe(0);
    expect(nextIndex('x', 1, 3)).toBeNull();
  });
});
