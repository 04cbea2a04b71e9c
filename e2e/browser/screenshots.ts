/**
 * `npm run screenshots`: every screen at three widths, light and dark, into docs/screenshots.
 * `-- --width 390 --scheme dark --to /tmp/look` makes some of them, elsewhere.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from '@playwright/test';
import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { CHROMIUM_ARGS, requireChromium } from '../../scripts/chromium.ts';
import { buildWebIfStale } from '../../scripts/web-bundle.ts';
import { texts, until } from '../attacks/support/story.ts';
import { gatherMembers, type Members } from '../support/members.ts';
import { ROOT } from '../support/node.ts';
import { Person } from '../support/page.ts';
import { type Cast, SCREENS } from '../support/screens.ts';
import { startServerProcess } from '../support/server.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1280, height: 800 },
];
const MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const { values: wanted } = parseArgs({
  options: {
    to: { type: 'string', default: join(ROOT, 'docs/screenshots') },
    width: { type: 'string' },
    scheme: { type: 'string' },
  },
});
const folder = resolve(wanted.to);

async function shoot(browser: Browser, size: (typeof SIZES)[number], colorScheme: 'light' | 'dark') {
  const server = await startServerProcess();
  const open = async () => {
    const touch = size.width < 1000;
    const device = { viewport: size, hasTouch: touch, isMobile: touch };
    const context = await browser.newContext({ ...device, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(server.origin);
    return new Person(page);
  };
  const shot = ({ page }: Person, name: string) =>
    page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size.width}.png`) });
  const members = await gatherMembers(() => server.origin);
  try {
    const cast = { visitor: await open(), alice: await open(), bob: await open() };
    await cast.alice.signUp('Alice');
    await cast.bob.signUp('Bob');
    for (const screen of SCREENS) {
      if (screen.name === 'details') {
        // Before the conversation is left: a list as a small team has it.
        await cast.alice.page.keyboard.press('Escape');
        await cast.alice.closeDetails();
        await populate(members, cast);
        if (size.width < 700) await cast.alice.toList();
        await shot(cast.alice, 'team');
      }
      if (screen.name === 'details' && size.width < 700) await cast.alice.openConversation('Bob');
      const person = await screen.visit(cast);
      await shot(person, screen.name);
    }
    for (const { page } of Object.values(cast)) await page.context().close();
  } finally {
    await members.end();
    await server.end();
  }
}

/** More people and conversations around Alice and Bob, as a small team has them. */
async function populate(members: Members, cast: Cast): Promise<void> {
  const [mira, jonas, yusuf] = await Promise.all(
    ['Mira', 'Jonas', 'Yusuf'].map((name) => members.join(name)),
  );
  if (!mira || !jonas || !yusuf) throw new Error('somebody is missing');
  const find = async (name: string) => {
    await until(() => [...mira.state.people.values()].some((p) => p.name === name), `${name} is there`);
    return [...mira.state.people.values()].find((person) => person.name === name)?.account ?? mira.id;
  };
  const [alice, bob] = [await find('Alice'), await find('Bob')];
  const team = await mira.rooms.createGroup({
    name: 'Harbour team',
    members: [alice, bob, jonas.id, yusuf.id],
  });
  const direct = await mira.rooms.openDirect(alice);
  // They say yes, and go on where they were.
  for (const title of ['Harbour team', 'Mira', 'Bob']) await cast.alice.openConversation(title);
  for (const title of ['Harbour team', 'Alice']) await cast.bob.openConversation(title);
  const say = async (who: Engine, room: RoomId, body: string) => {
    await until(() => who.state.rooms.has(room), 'the room is there');
    await who.messages.send(room, { body });
    await until(() => texts(mira, room).includes(body), 'it arrived');
  };
  await say(mira, team, 'The new mooring plan is ready. Who looks it over before Friday?');
  await say(jonas, team, 'I can, this afternoon.');
  await say(yusuf, team, 'Then I take the crane, it needs an hour.');
  await say(mira, team, 'Perfect. `npm start` on the office machine shows the draft.');
  await say(mira, direct, 'Do you have the keys for boathouse 3?');
}

buildWebIfStale();
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: requireChromium(),
  args: [...CHROMIUM_ARGS, ...MICROPHONE],
});
try {
  for (const size of SIZES) {
    if (wanted.width && wanted.width !== String(size.width)) continue;
    for (const scheme of ['light', 'dark'] as const) {
      if (!wanted.scheme || wanted.scheme === scheme) await shoot(browser, size, scheme);
    }
  }
} finally {
  await browser.close();
}
