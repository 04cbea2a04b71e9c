import { expect, test } from '../support/fixtures.ts';

test('three people talk in a group; who is removed reads nothing sent after [attack 22]', async ({
  person,
}) => {
  const [alice, bob, carol] = await Promise.all([person('Alice'), person('Bob'), person('Carol')]);
  await alice.createGroup('Garden', ['Bob', 'Carol']);
  await alice.send('Who waters the tomatoes?');
  for (const other of [bob, carol]) {
    await other.openConversation('Garden');
    await other.reads('Who waters the tomatoes?');
  }
  await bob.send('I do.');
  await alice.reads('I do.');
  await carol.reads('I do.');

  await alice.openInvite();
  await alice.removeMember('Carol', '1 invite link ends'); // attack 45
  await expect(bob.messages.getByText('Alice ended 1 invite link')).toBeVisible();
  await alice.send('Carol reads this not.');
  await bob.reads('Carol reads this not.');
  await expect(carol.composer).toBeHidden();
  await expect(carol.message('Carol reads this not.')).toHaveCount(0);
});

test('who is added reads what follows, and everyone is told', async ({ person }) => {
  const [alice, bob, carol] = await Promise.all([person('Alice'), person('Bob'), person('Carol')]);
  await alice.createGroup('Choir', ['Bob']);
  await alice.send('before Carol');
  await bob.openConversation('Choir');
  await bob.reads('before Carol');
  await alice.addMember('Carol');
  await alice.send('welcome, Carol');
  await carol.openConversation('Choir');
  await carol.reads('welcome, Carol');
  await expect(bob.messages.getByText(/Alice added Carol/)).toBeVisible();
});

test('who leaves cannot write any more, and the others go on', async ({ person }) => {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.createGroup('Short', ['Bob']);
  await alice.send('stay a while');
  await bob.openConversation('Short');
  await bob.reads('stay a while');
  await bob.leave();
  await expect(alice.messages.getByText(/Bob left/)).toBeVisible();
  await alice.send('alone again');
  await alice.reads('alone again');
});
