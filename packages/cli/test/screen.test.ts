import { NO_DRAFT, type TimelineItem } from '@sotto/client';
import { Box } from 'ink';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, test, vi } from 'vitest';
import { App } from '../src/screen/app.ts';
import { h } from '../src/screen/h.ts';
import { Messages } from '../src/screen/messages.ts';
import { PanelPane } from '../src/screen/panel.ts';
import { TextsContext } from '../src/screen/texts.ts';
import {
  BOB,
  CY,
  direct,
  file,
  message,
  NOON,
  own,
  person,
  ROOM,
  request,
  StagedEngine,
  sceneState,
} from './support/scene.ts';
import { texts } from './support/texts.ts';

const KEYS = {
  enter: '\r',
  tab: '\t',
  down: '\u001b[B',
  pageUp: '\u001b[5~',
  help: '\u0007',
  quit: '\u0003',
  choose: '\u0013',
  escape: '\u001b',
};

const KEY = new Uint8Array(32).fill(7);
const shown = (number: string, replaces: string | null = null) => ({ number, identity: KEY, replaces });

afterEach(cleanup);

function open(stage: StagedEngine) {
  const screen = render(h(App, { engine: stage.engine, server: 'http://localhost:8080', texts }));
  return {
    frame: () => screen.lastFrame() ?? '',
    press: (keys: string) => screen.stdin.write(keys),
    shows: (text: string) => vi.waitFor(() => expect(screen.lastFrame()).toContain(text)),
    calls: (name: string) => stage.calls.filter(([called]) => called === name),
  };
}

async function openBob(stage: StagedEngine) {
  const screen = open(stage);
  await screen.shows('Choose somebody');
  screen.press(KEYS.enter);
  await screen.shows('Write to Bob');
  return screen;
}

test('the list shows conversations, people, presence, unread counts and the connection', async () => {
  const screen = open(new StagedEngine(sceneState({ room: direct({ unread: 3 }) })));
  await screen.shows('● Bob');
  expect(screen.frame()).toMatch(/● Bob +3/);
  expect(screen.frame()).toContain('○ Cy');
  expect(screen.frame()).toContain('● online');
  expect(screen.frame()).toContain('3 new');
});

test('a conversation is opened, read, and written in', async () => {
  const stage = new StagedEngine(sceneState(), [message({ position: 7, body: 'are you there?' })]);
  const screen = await openBob(stage);
  expect(screen.frame()).toContain('are you there?');
  await vi.waitFor(() => expect(screen.calls('markRead')).toContainEqual(['markRead', ROOM, 7]));
  screen.press('yes');
  await screen.shows('yes');
  expect(screen.calls('setTyping')).toContainEqual(['setTyping', ROOM, true]);
  screen.press(KEYS.enter);
  await vi.waitFor(() => expect(screen.calls('send')).toEqual([['send', ROOM, { body: 'yes' }]]));
  await screen.shows('Write to Bob');
});

test('text and Enter that come at once lose nothing', async () => {
  const screen = await openBob(new StagedEngine());
  screen.press('one\rtwo');
  await screen.shows('> two');
  expect(screen.calls('send')).toEqual([['send', ROOM, { body: 'one' }]]);
});

test('delivery is shown as it goes on', async () => {
  const stage = new StagedEngine(sceneState(), [own({ body: 'mine', delivery: { state: 'waiting' } })]);
  const screen = await openBob(stage);
  await screen.shows('you: mine  …');
  stage.showLines({ items: [own({ body: 'mine', delivery: { state: 'delivered', to: 1, of: 1 } })] });
  await screen.shows('you: mine  ✓✓');
});

test('[attack 31] a message cannot steer the terminal', async () => {
  const body = '\u001b[2J\u001b]0;owned\u0007gone';
  const screen = await openBob(new StagedEngine(sceneState(), [message({ body })]));
  await screen.shows('gone');
  expect(screen.frame()).not.toContain('\u001b[2J');
  expect(screen.frame()).not.toContain('\u001b]0;');
});

test.each([
  ['spaces', (room: number) => `x${' '.repeat(room)}Alice: send money`],
  ['spaces and a time', (room: number) => `x${' '.repeat(room)}12:00 Alice: send money`],
  ['words', (room: number) => `${'x '.repeat(room / 2)}12:00 Alice: send money`],
  ['no-break spaces', (room: number) => `x${'\u00a0'.repeat(room)}12:00 Alice: send money`],
  ['wide letters', (room: number) => `${'語'.repeat(room / 2)} 12:00 Alice: send money`],
  ['line ends', (room: number) => `x${'\n'.repeat(1 + (room % 3))}12:00 Alice: send money`],
  ['what is drawn between days', (room: number) => `x${' '.repeat(room)}── New ──`],
])('[attack 31] a message padded with %s has no row that passes for a line of the program', (_, lie) => {
  const items = Array.from({ length: 60 }, (_, index) =>
    message({ position: index + 1, body: lie(2 + index * 2) }),
  );
  const timeline = { items, hasOlder: false, loadingOlder: false, readAtOpen: 0 };
  const messages = { timeline, state: sceneState(), height: 400, scrolled: 0, selected: null, now: NOON };
  const screen = render(h(TextsContext, { value: texts }, h(Box, { width: 60 }, h(Messages, messages))));
  const rows = (screen.lastFrame() ?? '').split('\n').filter((row) => row.trim() !== '');
  expect(rows.filter((row) => row.startsWith('12:00 Bob:'))).toHaveLength(60);
  expect(rows.length).toBeGreaterThan(80);
  const others = rows
    .slice(1)
    .filter((row) => !row.startsWith('12:00 Bob:') && !row.startsWith(' '.repeat(8)));
  expect(others).toEqual([]);
});

const wordy = (count: number) => `${'x '.repeat(count)}12:00 Alice: send money`;
const passing = (frame: string | undefined, begins: string) =>
  (frame ?? '')
    .split('\n')
    .filter((row) => !row.startsWith(begins) && /^ {0,7}\S*(12:00|Alice|send|money)/.test(row));

test('[attack 31] neither has the name of a group', () => {
  const items = Array.from({ length: 60 }, (_, index): TimelineItem => {
    const event = { type: 'renamed', title: wordy(index) } as const;
    return {
      ...{ type: 'system', key: `${index}`, position: index + 1, account: BOB, time: NOON },
      event,
    } as TimelineItem;
  });
  const timeline = { items, hasOlder: false, loadingOlder: false, readAtOpen: 0 };
  const messages = { timeline, state: sceneState(), height: 400, scrolled: 0, selected: null, now: NOON };
  const frame = render(
    h(TextsContext, { value: texts }, h(Box, { width: 60 }, h(Messages, messages))),
  ).lastFrame();
  expect(frame).toContain('send');
  expect(passing(frame, '12:00 Bob')).toEqual([]);
});

test('[attack 31] neither has an answer; a link is broken without blanks', () => {
  const link = `http://localhost:8080/#/join/${'a'.repeat(100)}`;
  const lines = [link, ...Array.from({ length: 60 }, (_, index) => `(Bob) Bob: ${wordy(index)}`)];
  const panel = { title: '/search x', lines, from: 0 };
  const frame =
    render(
      h(TextsContext, { value: texts }, h(Box, { width: 60 }, h(PanelPane, { panel, height: 200 }))),
    ).lastFrame() ?? '';
  expect(frame).toContain('send');
  expect(frame.replaceAll('\n', '')).toContain(link);
  expect(passing(frame, '(Bob)')).toEqual([]);
});

test('[K4] where sending is held back, the reason stands where one writes and nothing is sent', async () => {
  const alarm = {
    rule: 'K4',
    code: 'identity_changed',
    kind: 'identity-changed',
    account: null,
    detail: 'another key',
    at: 0,
  } as const;
  const room = direct({ security: { state: 'attention', alarm, blocksSending: true } });
  const screen = await openBob(new StagedEngine(sceneState({ room })));
  await screen.shows('held back (K4)');
  screen.press('anyway');
  await screen.shows('anyway');
  screen.press(KEYS.enter);
  await new Promise((resolve) => setImmediate(resolve));
  expect(screen.calls('send')).toEqual([]);
  await screen.shows('anyway');
});

test('somebody new is written to from the list', async () => {
  const screen = open(new StagedEngine());
  await screen.shows('○ Cy');
  screen.press(KEYS.down);
  await screen.shows('›○ Cy');
  screen.press(KEYS.enter);
  await vi.waitFor(() =>
    expect(screen.calls('openDirect')).toMatchObject([['openDirect', { account: 'cy', name: 'Cy' }]]),
  );
});

test('[attack 48] a request is a quiet word on top; who asks is not written to from the list, but answered', async () => {
  const asked = request();
  const stage = new StagedEngine({ ...sceneState(), requests: [asked] });
  const screen = open(stage);
  await screen.shows('1 request: /requests');
  screen.press(KEYS.down);
  await screen.shows('›○ Cy');
  screen.press(KEYS.enter);
  await screen.shows('accept 0a1b2c3d4e takes it');
  expect(screen.calls('openDirect')).toEqual([]);
  screen.press('/accept 0a1b2c3d4e\r');
  await vi.waitFor(() =>
    expect(screen.calls('acceptRequest')).toEqual([['acceptRequest', asked.room, asked.header]]),
  );
});

test('[attack 48] a request is declined by its number, and nothing else is', async () => {
  const asked = request();
  const screen = open(new StagedEngine({ ...sceneState(), requests: [asked] }));
  await screen.shows('1 request');
  for (const number of ['0a1', 'ffffffffff']) {
    screen.press(`/decline ${number}\r`);
    await screen.shows('there is no such request');
    screen.press('\u0015');
  }
  expect(screen.calls('declineRequest')).toEqual([]);
  screen.press('/decline 0a1b2c3d4e --block\r');
  const answer = { header: asked.header, block: true };
  await vi.waitFor(() =>
    expect(screen.calls('declineRequest')).toEqual([['declineRequest', asked.room, answer]]),
  );
});

test('[attack 48] who is blocked stands in no list, and what they said is folded away', async () => {
  const lines = [message({ body: 'angry', blocked: true })];
  const stage = new StagedEngine({ ...sceneState(), blocked: new Map([[CY, 'Cy']]) }, lines);
  const screen = await openBob(stage);
  await screen.shows('[by somebody you blocked]');
  expect(screen.frame()).not.toContain('angry');
  expect(screen.frame()).not.toContain('Cy');
  screen.press('/unblock Cy\r');
  await vi.waitFor(() => expect(screen.calls('unblock')).toEqual([['unblock', CY]]));
});

test('older messages are asked for at the top', async () => {
  const items = Array.from({ length: 40 }, (_, index) =>
    message({ position: index + 1, body: `line ${index + 1}.` }),
  );
  const stage = new StagedEngine(sceneState(), items);
  stage.showLines({ hasOlder: true });
  const screen = await openBob(stage);
  await screen.shows('line 40.');
  for (let page = 0; page < 8; page++) screen.press(KEYS.pageUp);
  await screen.shows('more below');
  expect(screen.frame()).not.toContain('line 40.');
  expect(screen.calls('loadOlder')).not.toEqual([]);
});

test('help lists the keys and goes away again', async () => {
  const screen = open(new StagedEngine());
  await screen.shows('Conversations');
  screen.press(KEYS.help);
  await screen.shows('next and previous conversation');
  screen.press(KEYS.help);
  await screen.shows('Conversations');
});

test('[E5] offline is said, with the next try', async () => {
  const stage = new StagedEngine();
  const screen = open(stage);
  await screen.shows('● online');
  stage.show({ connection: { status: 'offline', retryAt: Date.now() + 20_000, why: 'unreachable' } });
  await screen.shows('offline, next try in');
});

test('quitting keeps what was being written', async () => {
  const screen = await openBob(new StagedEngine());
  screen.press('unfinished');
  await screen.shows('unfinished');
  screen.press(KEYS.quit);
  await vi.waitFor(() =>
    expect(screen.calls('setDraft')).toEqual([['setDraft', ROOM, { ...NO_DRAFT, text: 'unfinished' }]]),
  );
});

test('who is typing and who is away is said', async () => {
  const stage = new StagedEngine(sceneState({ room: direct({ typing: ['bob' as never] }) }), [
    message({ time: NOON }),
  ]);
  const screen = await openBob(stage);
  await screen.shows('Bob is typing');
  expect(screen.frame()).toContain('not verified');
});

test('[K4] a command is done and answered in a panel; nothing of it is sent', async () => {
  const stage = new StagedEngine();
  stage.answers.safetyNumber = shown('12345 '.repeat(12).trim());
  const screen = await openBob(stage);
  screen.press('/safety');
  await screen.shows('/safety');
  screen.press(KEYS.enter);
  await screen.shows('12345 12345 12345');
  expect(screen.calls('safetyNumber')).toEqual([['safetyNumber', 'bob']]);
  expect(screen.calls('send')).toEqual([]);
  expect(screen.calls('setTyping').filter(([, , typing]) => typing)).toEqual([]);
  screen.press(KEYS.escape);
  await screen.shows('Write to Bob');
});

test('[attack 39] [K4] digits of the key that was known accept and verify no other', async () => {
  const bob = { ...person(BOB, 'Bob'), trust: 'changed' as const };
  const stage = new StagedEngine({ ...sceneState(), people: new Map([[BOB, bob]]) });
  const [known, now] = ['1'.repeat(60), '2'.repeat(60)];
  stage.answers.safetyNumber = shown(now, known);
  const screen = await openBob(stage);
  for (const command of ['verify', 'accept-key']) {
    screen.press(`/${command} ${known}\r`);
    await screen.shows('These digits are of the key');
    screen.press('\u0015');
    await screen.shows('Write to Bob');
  }
  expect(screen.calls('setVerified')).toEqual([]);
  expect(screen.calls('acceptIdentity')).toEqual([]);
  screen.press('/accept-key\r');
  await screen.shows('22222 22222 22222');
  expect(screen.frame()).toContain('new key of Bob');
  expect(screen.frame()).toContain('11111 11111 11111');
  screen.press(KEYS.escape);
  await screen.shows('Write to Bob');
  screen.press(`/accept-key ${now}\r`);
  await vi.waitFor(() => expect(screen.calls('acceptIdentity')).toEqual([['acceptIdentity', 'bob', KEY]]));
});

test('[K4] other digits than ours verify nobody', async () => {
  const stage = new StagedEngine();
  stage.answers.safetyNumber = shown('1'.repeat(60));
  const screen = await openBob(stage);
  const digits = `1${'2'.repeat(59)}`;
  screen.press(`/verify ${digits}\r`);
  await screen.shows('not the same digits');
  expect(screen.calls('setVerified')).toEqual([]);
  screen.press('\u0015'); // the line stands in the composer again
  await screen.shows('Write to Bob');
  screen.press(`/verify ${'1'.repeat(60)}\r`);
  await screen.shows('Bob: verified');
  expect(screen.calls('setVerified')).toEqual([['setVerified', 'bob', KEY, true]]);
});

test('a group is made from the list, and a command that is none stays where it was typed', async () => {
  const screen = open(new StagedEngine());
  await screen.shows('Choose somebody');
  screen.press('/group Lab Cy');
  await screen.shows('Command: /group Lab Cy');
  screen.press(KEYS.enter);
  await vi.waitFor(() =>
    expect(screen.calls('createGroup')).toEqual([
      ['createGroup', { name: 'Lab', topic: '', members: [{ account: 'cy', name: 'Cy' }] }],
    ]),
  );
  await screen.shows('Write to Bob'); // the stage answers with the conversation it has
  screen.press('/nonsense\r');
  await screen.shows('no such command');
  await screen.shows('> /nonsense');
});

test('[K5] a password is asked without being shown, twice, and set', async () => {
  const screen = await openBob(new StagedEngine());
  screen.press('/password\r');
  await screen.shows('New password, at least 8 characters:');
  screen.press('correct horse');
  screen.press(KEYS.enter);
  await screen.shows('Once more:');
  expect(screen.frame()).not.toContain('correct');
  screen.press('correct horse\r');
  await screen.shows('The password is set');
  expect(screen.calls('setPassword')).toEqual([['setPassword', 'correct horse']]);
  expect(screen.calls('send')).toEqual([]);
});

test('a question that is left unanswered does nothing', async () => {
  const screen = await openBob(new StagedEngine());
  screen.press('/unlock\r');
  await screen.shows('Password:');
  screen.press('half');
  screen.press(KEYS.escape);
  await screen.shows('Write to Bob');
  expect(screen.calls('unlockVault')).toEqual([]);
});

test('a chosen message is answered, and an own one edited', async () => {
  const items = [message({ position: 3, body: 'first of all' }), own({ position: 4, body: 'my answr' })];
  const screen = await openBob(new StagedEngine(sceneState(), items));
  screen.press(KEYS.choose);
  await screen.shows('› 12:00 you');
  screen.press('e');
  await screen.shows('editing: my answr');
  screen.press('\u007fer');
  await screen.shows('> my answer');
  screen.press(KEYS.enter);
  await vi.waitFor(() => expect(screen.calls('edit')).toEqual([['edit', ROOM, 4, 'my answer']]));
  screen.press(KEYS.choose);
  await screen.shows('› 12:00 you');
  screen.press('k');
  await screen.shows('› 12:00 Bob');
  expect(screen.frame()).toContain('1 more below');
  screen.press('e');
  await screen.shows('Only your own');
  screen.press('r');
  await screen.shows('↳ Bob: first of all');
  screen.press('indeed\r');
  await vi.waitFor(() =>
    expect(screen.calls('send')).toEqual([['send', ROOM, { body: 'indeed', reply: 3 }]]),
  );
});

test('what one answers or edits is kept with the text, and what was written before an edit comes back', async () => {
  const items = [message({ position: 3, body: 'first of all' }), own({ position: 4, body: 'my answer' })];
  const stage = new StagedEngine(sceneState(), items);
  const screen = await openBob(stage);
  screen.press('half a thought');
  await screen.shows('> half a thought');
  screen.press(KEYS.choose);
  await screen.shows('› 12:00 you');
  screen.press('e');
  await screen.shows('editing: my answer');
  screen.press('!');
  await screen.shows('> my answer!');
  screen.press(KEYS.quit);
  const draft = { text: 'half a thought', reply: null, edit: { position: 4, text: 'my answer!' } };
  await vi.waitFor(() => expect(screen.calls('setDraft')).toEqual([['setDraft', ROOM, draft]]));
  cleanup();

  const next = new StagedEngine(sceneState({ room: direct({ draft }) }), items);
  const again = open(next);
  await again.shows('Choose somebody');
  again.press(KEYS.enter);
  await again.shows('editing: my answer');
  await again.shows('> my answer!');
  again.press(KEYS.escape);
  await again.shows('> half a thought');
  expect(again.calls('edit')).toEqual([]);
  again.press(KEYS.choose);
  await again.shows('› 12:00 you');
  again.press('k');
  again.press('r');
  await again.shows('↳ Bob: first of all');
  await again.shows('> half a thought');
  // What is deleted meanwhile is not told above the field either.
  next.showLines({ items: [message({ position: 3, kind: 'deleted' }), ...items.slice(1)] });
  await vi.waitFor(() => expect(again.frame()).not.toContain('first of all'));
  again.press(KEYS.quit);
  const answer = { text: 'half a thought', reply: 3, edit: null };
  await vi.waitFor(() => expect(again.calls('setDraft')).toEqual([['setDraft', ROOM, answer]]));
});

test('notices and a locked vault are called for on top, with the command that leads to them', async () => {
  const stage = new StagedEngine();
  const device = { device: 'theirs' as never, signing: KEY };
  const what = { kind: 'new-device', device, detail: '' } as const;
  const notice = { id: 'n', room: null, account: null, at: NOON, ...what };
  stage.show({ notices: [notice], self: { ...stage.state.self, vault: 'locked' } });
  const screen = await openBob(stage);
  await screen.shows('vault locked: /unlock  1 notice: /notices');
  screen.press('/notices\r');
  await screen.shows('A new device was added');
  await screen.shows('Not you? Remove it');
  screen.press(KEYS.escape);
  await screen.shows('Write to Bob');
  screen.press('/dismiss n\r');
  await vi.waitFor(() => expect(screen.calls('dismissNotice')).toEqual([['dismissNotice', 'n']]));
});

test('[M6] files stand among the messages, and how far they are above where one writes', async () => {
  const items = [own({ position: null, kind: 'files', body: 'as promised', files: [file()], edited: null })];
  const stage = new StagedEngine(sceneState(), items);
  const screen = await openBob(stage);
  await screen.shows('you: [plan.txt, 13 B] as promised');
  const half = {
    direction: 'up',
    state: 'running',
    done: 500_000,
    total: 1_000_000,
    rate: 100_000,
    failure: null,
  } as const;
  stage.showTransfers(new Map([['file' as never, half]]));
  await screen.shows('↑ plan.txt  ██████████░░░░░░░░░░  50 % of 1.0 MB  100 kB/s');
  screen.press('/cancel\r');
  await vi.waitFor(() => expect(screen.calls('discard')).toEqual([['discard', ROOM, 'id 1']]));
  stage.showTransfers(new Map());
  await vi.waitFor(() => expect(screen.frame()).not.toContain('kB/s'));
});

test('[attack 31] the name of a file cannot steer the terminal', async () => {
  const name = '\u001b]0;owned\u0007\u202egpj.exe';
  const screen = await openBob(
    new StagedEngine(sceneState(), [
      message({ kind: 'files', body: '', files: [file({ name })], edited: null }),
    ]),
  );
  await screen.shows('gpj.exe, 13 B]');
  expect(screen.frame()).not.toContain('\u001b]0;');
  expect(screen.frame()).not.toContain('\u202e');
});

test('[M6] a message without files has none to save', async () => {
  const screen = await openBob(new StagedEngine(sceneState(), [message()]));
  screen.press(KEYS.choose);
  await screen.shows('› 12:00 Bob');
  screen.press('s');
  await screen.shows('There is no file in this message.');
});
