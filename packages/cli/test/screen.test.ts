import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, test, vi } from 'vitest';
import { App } from '../src/screen/app.ts';
import { h } from '../src/screen/h.ts';
import { direct, message, NOON, own, ROOM, StagedEngine, sceneState } from './support/scene.ts';

const KEYS = {
  enter: '\r',
  tab: '\t',
  down: '\u001b[B',
  pageUp: '\u001b[5~',
  help: '\u0007',
  quit: '\u0003',
};

afterEach(cleanup);

function open(stage: StagedEngine) {
  const screen = render(h(App, { engine: stage.engine }));
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
