import { NO_DRAFT } from '@sotto/client';
import { describe, expect, it } from 'vitest';
import { DEMO_PHRASE } from '../demo/demo-devices.ts';
import { DemoEngine } from '../demo/demo-engine.ts';
import { account, room } from '../demo/ids.ts';
import { phraseProblem, placesToAsk, sameWord, wordsOf } from '../src/account/phrase.ts';
import { endOf } from '../src/account/RemovedPage.tsx';
import { dueReminder, hasSomethingToLose, parseReminders } from '../src/account/reminders.ts';
import { draftStored, rescueDraft, restoreDrafts } from '../src/composer/draft-rescue.ts';
import { compareNumbers, isSafetyNumber } from '../src/details/compare.ts';
import { deviceFacts, deviceName, epochsOf, renewed } from '../src/devices/words.ts';
import { answerTo, mayTakeOver, outdated, type Shell } from '../src/offline/shell.ts';
import { texts } from './english.ts';

const engine = (kind: 'guest' | 'password', online = 'online', alone = false) =>
  new DemoEngine('Alice', kind, { alone, quiet: true, online });

describe('the recovery phrase [K5]', () => {
  it('is read as people paste it', () => {
    expect(wordsOf('1. Abandon\n2. ability,  3) able')).toEqual(['abandon', 'ability', 'able']);
    expect(phraseProblem(texts, DEMO_PHRASE.toUpperCase().replaceAll(' ', '\n'))).toBeNull();
  });
  it('says what is wrong with it', () => {
    expect(phraseProblem(texts, '  ')).toContain('Enter your recovery phrase');
    expect(phraseProblem(texts, DEMO_PHRASE.replace('absurd', 'absrud'))).toContain('“absrud”');
    expect(phraseProblem(texts, DEMO_PHRASE.replace(' absurd', ''))).toContain('23 words');
    expect(phraseProblem(texts, `${DEMO_PHRASE} zoo`)).toContain('1 too many');
  });
  it('asks three different words back, in order', () => {
    expect(placesToAsk([0, 0, 0])).toEqual([0, 1, 2]);
    expect(placesToAsk([47, 23, 4_294_967_295])).toHaveLength(3);
    for (let seed = 0; seed < 200; seed += 1) {
      const places = placesToAsk([seed * 7919, seed * 104_729, seed * 1_299_709]);
      expect(new Set(places).size).toBe(3);
      expect(places.every((place) => place >= 0 && place < 24)).toBe(true);
      expect([...places].sort((a, b) => a - b)).toEqual(places);
    }
  });
  it('takes a word for itself alone', () => {
    expect(sameWord(' Abuse ', 'abuse')).toBe(true);
    expect(sameWord('', 'abuse')).toBe(false);
    expect(sameWord('abuses', 'abuse')).toBe(false);
    expect(sameWord('', undefined)).toBe(false);
  });
});

describe('reminders', () => {
  const none = parseReminders(null);
  it('come once there is something to lose', () => {
    expect(hasSomethingToLose(engine('guest', 'online', true).state.rooms)).toBe(false);
    expect(dueReminder(engine('guest', 'online', true).state, none, 1)).toBeNull();
    expect(dueReminder(engine('guest').state, none, 1)).toBe('password');
    expect(dueReminder(engine('password').state, none, 1)).toBe('phrase');
  });
  it('end with the phrase, once it was confirmed', () => {
    const { state } = engine('password', 'recoverable');
    expect(dueReminder(state, none, 1)).toBeNull();
    expect(dueReminder(state, { ...none, unconfirmed: true }, 1)).toBe('phrase');
  });
  it('stay away for a week, and while nothing is known', () => {
    expect(dueReminder(engine('guest').state, { ...none, quietUntil: 10 }, 9)).toBeNull();
    expect(dueReminder(engine('guest').state, { ...none, quietUntil: 10 }, 10)).toBe('password');
    expect(dueReminder(engine('password', 'offline').state, none, 1)).toBeNull();
    expect(dueReminder(engine('password', 'locked').state, none, 1)).toBeNull();
  });
  it('are read back from what was stored, whatever it is', () => {
    expect(parseReminders('{"unconfirmed":true,"quietUntil":5}')).toEqual({
      unconfirmed: true,
      quietUntil: 5,
    });
    for (const text of ['', 'x', '1', 'null', '{"quietUntil":"soon"}'])
      expect(parseReminders(text)).toEqual(none);
  });
});

describe('safety numbers [K4]', () => {
  const own = '12345 67890 '.repeat(6);
  it('match whatever separates their digits', () => {
    expect(compareNumbers(own, own.replaceAll(' ', ''))).toEqual({ result: 'match' });
    expect(compareNumbers(own, own.replaceAll(' ', '\n'))).toEqual({ result: 'match' });
  });
  it('differ by a single digit, and by what is too much', () => {
    expect(compareNumbers(own, own.replace('1', '2'))).toEqual({ result: 'different' });
    expect(compareNumbers(own, `${own.slice(0, -2)}1`)).toEqual({ result: 'different' });
    expect(compareNumbers(own, `${own}1`)).toEqual({ result: 'different' });
    expect(compareNumbers(own, '2')).toEqual({ result: 'different' });
  });
  it('are not judged before they are whole', () => {
    expect(compareNumbers(own, '')).toEqual({ result: 'empty' });
    expect(compareNumbers(own, '1234')).toEqual({ result: 'incomplete', left: 56 });
    expect(isSafetyNumber(own)).toBe(true);
    expect(isSafetyNumber('https://example.org/1234')).toBe(false);
  });
});

describe('devices', () => {
  it('are told by name, kind, age and presence', async () => {
    const now = Date.now();
    const [here, phone, terminal, unnamed] = await engine('password').devices.list();
    if (!here || !phone || !terminal || !unnamed) throw new Error('the demo has four devices');
    expect(deviceFacts(texts, here, now)).toHaveLength(2);
    expect(deviceFacts(texts, phone, now)).toContain('Online now');
    expect(deviceFacts(texts, terminal, now).join()).toMatch(/^Terminal,Added .*,Last online /);
    expect(deviceName(texts, unnamed)).toBe('A browser');
  });
  it('[attack 34] count the conversations whose keys are new', () => {
    const { rooms } = engine('password').state;
    const before = epochsOf(rooms);
    expect(before.has(room('book'))).toBe(false); // no longer a member: nothing to renew
    expect(renewed(before, rooms)).toEqual({ done: 0, total: before.size });
    const garden = rooms.get(room('garden'));
    if (!garden) throw new Error('the demo has a garden club');
    const after = new Map(rooms).set(room('garden'), { ...garden, epoch: garden.epoch + 1 });
    expect(renewed(before, after).done).toBe(1);
  });
  it('[attack 34] know when their account is gone, and why', () => {
    expect(endOf(engine('password', 'removed').state.connection)).toBe('removed');
    expect(endOf(engine('password', 'left').state.connection)).toBe('left');
    expect(endOf(engine('password', 'refused').state.connection)).toBeNull();
    // By the code, whatever the words are.
    expect(endOf({ status: 'refused', code: 'removed' })).toBe('removed');
    expect(endOf(engine('password').state.connection)).toBeNull();
  });
});

describe('drafts', () => {
  const written = (text: string) => ({ ...NO_DRAFT, text });
  const memory = () => {
    const rows = new Map<string, string>();
    return {
      rows,
      getItem: (key: string) => rows.get(key) ?? null,
      setItem: (key: string, value: string) => void rows.set(key, value),
      removeItem: (key: string) => void rows.delete(key),
      key: (index: number) => [...rows.keys()][index] ?? null,
      get length() {
        return rows.size;
      },
    };
  };
  const place = { account: account('Alice'), room: room('bob') };
  it('that a closed page could not store reach the engine at the next start', async () => {
    const store = memory();
    const alice = engine('guest');
    rescueDraft(place, written('half a thou'), store);
    rescueDraft({ account: account('Bob'), room: room('bob') }, written('somebody else’s'), store);
    rescueDraft({ account: account('Alice'), room: room('gone') }, written('of a room that is gone'), store);
    await restoreDrafts(alice, store);
    expect(alice.state.rooms.get(room('bob'))?.draft.text).toBe('half a thou');
    expect([...store.rows.values()]).toEqual([JSON.stringify(written('somebody else’s'))]);
  });
  it('are let go once the engine has them, unless newer ones came', () => {
    const store = memory();
    rescueDraft(place, written('new'), store);
    draftStored(place, written('old'), store);
    expect(store.rows.size).toBe(1);
    draftStored(place, written('new'), store);
    expect(store.rows.size).toBe(0);
  });
});

describe('the offline shell [E5]', () => {
  const shell: Shell = { version: 'v2', page: 'ff', files: ['/assets/start-2.js', '/icon.svg'] };
  const ask = (path: string, change: { method?: string; mode?: string } = {}) => {
    const request = { method: 'GET', mode: 'cors', url: `https://chat.example${path}`, ...change };
    return answerTo(request, 'https://chat.example', shell);
  };
  it('answers for the page and its own build’s files', () => {
    expect(ask('/', { mode: 'navigate' })).toBe('page');
    expect(ask('/anything', { mode: 'navigate' })).toBe('page');
    expect(ask('/assets/start-2.js')).toBe('file');
  });
  it('never for the API, another origin, another build or anything but reading', () => {
    expect(ask('/api/info')).toBe('network');
    expect(ask('/api/info', { mode: 'navigate' })).toBe('network');
    expect(ask('/assets/start-1.js')).toBe('network');
    expect(ask('/icon.svg', { mode: 'navigate' })).toBe('network');
    expect(ask('/', { mode: 'navigate', method: 'POST' })).toBe('network');
    const elsewhere = { method: 'GET', mode: 'cors', url: 'https://other.example/icon.svg' };
    expect(answerTo(elsewhere, 'https://chat.example', shell)).toBe('network');
  });
  it('drops the caches of other builds and no others', () => {
    expect(outdated(['sotto-shell-v1', 'sotto-shell-v2', 'other'], shell)).toEqual(['sotto-shell-v1']);
  });
  it('takes over only for the one open page of its own build', () => {
    const build = 'https://chat.example/assets/start-2.js';
    expect(mayTakeOver({ type: 'page', build }, 1, shell)).toBe(true);
    expect(mayTakeOver({ type: 'page', build }, 2, shell)).toBe(false);
    expect(mayTakeOver({ type: 'page', build: build.replace('2', '1') }, 1, shell)).toBe(false);
    expect(mayTakeOver('page', 1, shell)).toBe(false);
  });
});
