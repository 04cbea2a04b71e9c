import { readFileSync } from 'node:fs';
import { type AccountId, PATHS, type RoomId } from '@sotto/protocol';
import { strFromU8, unzipSync } from 'fflate';
import { RawMember } from '../attacks/support/member.ts';
import { DEEDS } from '../hostile/deeds.ts';
import { unleash } from '../hostile/run.ts';
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/page.ts';

/*
 * Three hostile accounts say and ask whatever they like; two people beside them notice nothing. A minute here;
 * `npm run hostile -- --minutes 10 --seed 7` for longer, or to see a run again.
 */

const MINUTES = Number(process.env.SOTTO_HOSTILE_MINUTES ?? 1);
const SEED = Number(process.env.SOTTO_HOSTILE_SEED ?? Date.now() % 1_000_000_000);
/** Where an epoch comes without a key for somebody, the room replaces it first (R6). */
const IN_GROUP = 60_000;

const item = (person: Person, title: string) =>
  person.conversations.getByRole('link').filter({ has: person.page.getByText(title, { exact: true }) });
const badge = (person: Person, title: string) =>
  item(person, title).getByRole('img', { name: /unread message/ });

/** The number in the title is what the list shows beside the conversations, no more and no less. */
async function titleAgrees({ page, conversations }: Person): Promise<boolean> {
  const badges = await conversations.getByRole('img', { name: /unread message/ }).allTextContents();
  const sum = badges.reduce((all, text) => all + Number.parseInt(text, 10), 0);
  return (await page.title()) === `(${sum}) Sotto`;
}

/** Texts that the person can take along, in the order of each log. */
async function exported(person: Person, name: string, fits: RegExp): Promise<string[]> {
  await person.openSettings(name);
  const arrives = person.page.waitForEvent('download');
  await person.page.getByRole('button', { name: 'Export my conversations' }).click();
  const files = unzipSync(readFileSync(await (await arrives).path()));
  const stories = Object.keys(files).filter((path) => path.endsWith('/messages.json'));
  const items = stories.flatMap((path) => JSON.parse(strFromU8(files[path] as Uint8Array)).items);
  return items.map(({ body }: { body?: string }) => body ?? '').filter((body: string) => fits.test(body));
}

test('[attack 29, 37, 40, 41, 48, 53] beside three hostile accounts a pair loses nothing', async ({
  person,
  server,
  watch,
}) => {
  process.stdout.write(`the seed of the hostile accounts is ${SEED}\n`);
  watch.allow(/status of 409/); // two members made the next epoch at once, and one of them was first
  test.setTimeout(MINUTES * 60_000 + 240_000);
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('only us');
  await bob.openConversation('Alice');
  await bob.reads('only us');
  await bob.send('yes');
  await alice.reads('yes');
  const names = ['Mallory', 'Trudy', 'Oscar'];
  const foes = await Promise.all(
    names.map((name, i) => RawMember.register(server.origin, name, `127.0.0.${i + 2}`)),
  );
  await alice.createGroup('Everybody', ['Bob', ...names]);
  await alice.send('welcome');
  await bob.openConversation('Everybody');
  await bob.reads('welcome');
  await bob.openConversation('Alice');
  const room = new URL(alice.page.url()).hash.split('/').at(-1) as RoomId;
  const { json } = await (foes[0] as RawMember).call('GET', PATHS.people);
  const bystanders = ['Alice', 'Bob'].map(
    (name) => json.people.find((each: { name: string; account: AccountId }) => each.name === name).account,
  );

  const end = unleash(foes, { seed: SEED, room, bystanders });
  const until = Date.now() + MINUTES * 60_000;
  const between: string[] = [];
  const among: string[] = [];
  for (let round = 1; Date.now() < until; round += 1) {
    const [one, two, back] = [`one of ${round}`, `two of ${round}`, `back of ${round}`];
    const [all, too] = [`all of ${round}`, `too of ${round}`];
    // Alice looks at the group while Bob writes to her alone: her badge says two, whatever others do.
    await bob.send(one);
    await bob.send(two);
    await expect(badge(alice, 'Bob')).toHaveAccessibleName('2 unread messages', { timeout: 30_000 });
    await expect.poll(() => titleAgrees(alice)).toBe(true);
    await alice.openConversation('Bob');
    await alice.reads(one);
    await alice.reads(two);
    await expect(badge(alice, 'Bob')).toHaveCount(0);
    await alice.send(back);
    await bob.reads(back);
    between.push(one, two, back);
    await alice.openConversation('Everybody');
    await alice.send(all);
    await bob.openConversation('Everybody');
    await bob.send(too);
    await bob.openConversation('Alice');
    among.push(all, too);
  }
  const { told, faults } = await end();
  const answers = [...told].map(([key, times]) => `${times} × ${key}`).sort();
  if (process.env.SOTTO_HOSTILE_MINUTES) process.stdout.write(`${answers.join('\n')}\n`);

  // The server refused, and had no trouble of its own.
  expect(faults).toEqual([]);
  expect(server.output()).not.toMatch(/"level":(50|60)/);
  const done = (deed: string) =>
    answers.some((line) => line.includes(` ${deed} `) && !line.includes('not done'));
  expect(Object.keys(DEEDS).filter((deed) => !done(deed))).toEqual([]);

  // Nothing is lost, doubled or out of order, live and after a new start; and the two still talk.
  for (const [who, name] of [
    [alice, 'Alice'],
    [bob, 'Bob'],
  ] as const) {
    await expect
      .poll(() => exported(who, name, / of \d+$/), { timeout: IN_GROUP })
      .toHaveLength(between.length + among.length);
    const kept = await exported(who, name, / of \d+$/);
    expect(kept.filter((body) => !/^(all|too)/.test(body))).toEqual(between);
    expect(kept.filter((body) => /^(all|too)/.test(body)).sort()).toEqual(among.toSorted());
    await who.page.reload();
  }
  await alice.openConversation('Bob');
  await alice.send('still here');
  await bob.openConversation('Alice');
  await bob.reads('still here');
  for (const [who, peer] of [
    [alice, 'Bob'],
    [bob, 'Alice'],
  ] as const) {
    await expect(who.message(between.at(-1) as string)).toBeVisible(); // the first may lie far above
    await expect(item(who, peer).getByRole('img', { name: 'Needs attention' })).toHaveCount(0);
  }
});
