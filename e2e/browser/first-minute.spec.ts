import { expect, test } from '../support/fixtures.ts';
import { Person } from '../support/page.ts';

test('two people find each other in the live list and talk in private', async ({ person }) => {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('Hello Bob, do you read me?');
  await bob.openConversation('Alice');
  await bob.reads('Hello Bob, do you read me?');
  await bob.send('Loud and clear.');
  await alice.reads('Loud and clear.');
});

test('[attack 14] what two people write is on the wire and in the server nowhere as text', async ({
  person,
  server,
  watch,
}) => {
  const canary = 'the-quick-canary-sings-at-dawn';
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send(canary);
  await bob.openConversation('Alice');
  await bob.reads(canary);
  const frames = watch.wire.join('\n');
  expect(frames).toContain('"t":"send"'); // the wire was watched indeed
  expect(frames).not.toContain(canary);
  expect(frames).not.toContain(Buffer.from(canary).toString('base64url').slice(4, 30));
  expect(server.output()).not.toContain(canary);
});

test('two tabs of one browser are two different people', async ({ person, server }) => {
  const alice = await person('Alice');
  const page = await alice.page.context().newPage();
  const second = new Person(page);
  await page.goto(server.origin);
  await second.signUp('Bob');
  await alice.openDirect('Bob');
  await alice.send('to my other self');
  await second.openConversation('Alice');
  await second.reads('to my other self');
});

test('text that looks like markup stays text [attack 31]', async ({ person }) => {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  const markup = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
  await alice.send(markup);
  await bob.openConversation('Alice');
  await bob.reads(markup);
  expect(await bob.page.title()).not.toContain('owned');
  await expect(bob.messages.locator('img[src="x"], script')).toHaveCount(0);
});
