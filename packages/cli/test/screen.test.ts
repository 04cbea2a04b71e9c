import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, test, vi } from 'vitest';
import { App } from '../src/screen/app.ts';
import { h } from '../src/screen/h.ts';
import { direct, file, message, NOON, own, ROOM, StagedEngine, sceneState } from './support/scene.ts';

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

afterEach(cleanup);

function open(stage: StagedEngine) {
  const screen = render(h(App, { engine: stage.engine, server: 'http://localhost:8080' }));
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
  await vi.waitFor(() => expect(screen.calls('sendText')).toEqual([['sendText', ROOM, { body: 'yes' }]]));
  await screen.shows('Write to Bob');
});

test('text and Enter that come at once lose nothing', async () => {
  const screen = await openBob(new StagedEngine());
  screen.press('one\rtwo');
  await screen.shows('> two');
  expect(screen.calls('sendText')).toEqual([['sendText', ROOM, { body: 'one' }]]);
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

test('[K4] where sending is held back, the reason stands where one writes and nothing is sent', async () => {
  const alarm = {
    rule: 'K4',
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
  expect(screen.calls('sendText')).toEqual([]);
  await screen.shows('anyway');
});

test('somebody new is written to from the list', async () => {
  const screen = open(new StagedEngine());
  await screen.shows('○ Cy');
  screen.press(KEYS.down);
  await screen.shows('›○ Cy');
  screen.press(KEYS.enter);
  await vi.waitFor(() => expect(screen.calls('openDirect')).toEqual([['openDirect', 'cy']]));
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
  stage.show({ connection: { status: 'offline', retryAt: Date.now() + 20_000, reason: 'gone' } });
  await screen.shows('offline, next try in');
});

test('quitting keeps what was being written', async () => {
  const screen = await openBob(new StagedEngine());
  screen.press('unfinished');
  await screen.shows('unfinished');
  screen.press(KEYS.quit);
  await vi.waitFor(() => expect(screen.calls('setDraft')).toEqual([['setDraft', ROOM, 'unfinished']]));
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
  stage.answers.safetyNumber = '12345 '.repeat(12).trim();
  const screen = await openBob(stage);
  screen.press('/safety');
  await screen.shows('/safety');
  screen.press(KEYS.enter);
  await screen.shows('12345 12345 12345');
  expect(screen.calls('safetyNumber')).toEqual([['safetyNumber', 'bob']]);
  expect(screen.calls('sendText')).toEqual([]);
  expect(screen.calls('setTyping').filter(([, , typing]) => typing)).toEqual([]);
  screen.press(KEYS.escape);
  await screen.shows('Write to Bob');
});

test('[K4] other digits than ours verify nobody', async () => {
  const stage = new StagedEngine();
  stage.answers.safetyNumber = '1'.repeat(60);
  const screen = await openBob(stage);
  const digits = `1${'2'.repeat(59)}`;
  screen.press(`/verify ${digits}\r`);
  await screen.shows('not the same digits');
  expect(screen.calls('setVerified')).toEqual([]);
  screen.press('\u0015'); // the line stands in the composer again
  await screen.shows('Write to Bob');
  screen.press(`/verify ${'1'.repeat(60)}\r`);
  await screen.shows('Bob: verified');
  expect(screen.calls('setVerified')).toEqual([['setVerified', 'bob', true]]);
});

test('a group is made from the list, and a command that is none stays where it was typed', async () => {
  const screen = open(new StagedEngine());
  await screen.shows('Choose somebody');
  screen.press('/group Lab Cy');
  await screen.shows('Command: /group Lab Cy');
  screen.press(KEYS.enter);
  await vi.waitFor(() =>
    expect(screen.calls('createGroup')).toEqual([
      ['createGroup', { name: 'Lab', topic: '', members: ['cy'] }],
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
  expect(screen.calls('sendText')).toEqual([]);
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
    expect(screen.calls('sendText')).toEqual([['sendText', ROOM, { body: 'indeed', reply: 3 }]]),
  );
});

test('notices and a locked vault are called for on top, with the command that leads to them', async () => {
  const stage = new StagedEngine();
  const what = { kind: 'new-device', device: 'theirs' as never, detail: '' } as const;
  const notice = { id: 'n', room: null, account: null, at: NOON, ...what };
  stage.show({ notices: [notice], self: { ...stage.state.self, vault: 'locked' } });
  const screen = await openBob(stage);
  await screen.shows('vault locked: /unlock  1 notice: /notices');
  screen.press('/notices\r');
  await screen.shows('A new device was added');
  await screen.shows('Not you? Remove it');
  screen.press(KEYS.escape);
  await screen.shows('Write to Bob');
  screen.press('/dismiss 1\r');
  await vi.waitFor(() => expect(screen.calls('dismissNotice')).toEqual([['dismissNotice', 'n']]));
});

test('[M6] files stand among the messages, and how far they are above where one writes', async () => {
  const items = [own({ position: null, body: 'as promised', files: [file()] })];
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
    new StagedEngine(sceneState(), [message({ body: '', files: [file({ name })] })]),
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
