import { expect } from '@playwright/test';
import { attach, given, png, sendTray, tray } from './files.ts';
import { NAMES, type Person } from './page.ts';
import { rules } from './pdf.ts';

const PASSWORD = 'correct horse battery';

/** Everybody whose page is needed to bring the interface into each of its screens. */
export interface Cast {
  readonly alice: Person;
  readonly bob: Person;
  readonly visitor: Person;
}

export interface Screen {
  readonly name: string;
  /** For pictures: what axe looks at elsewhere. */
  readonly onlyPicture?: true;
  /** Brings somebody's page there; screens are visited in this order. @returns whose page shows it */
  visit(cast: Cast): Promise<Person>;
}

/** Every screen of the interface, in an order in which each can be reached from the one before. */
export const SCREENS: readonly Screen[] = [
  { name: 'welcome', visit: async ({ visitor }) => visitor },
  { name: 'people', visit: async ({ alice }) => alice },
  {
    name: 'requests',
    async visit({ alice, bob }) {
      await alice.openDirect('Bob');
      await alice.send('Shall we meet at the harbour at eight?');
      await bob.openRequests();
      await bob.requestOf('Alice').getByRole('button', { name: 'Show what they wrote' }).click();
      await expect(bob.page.getByText('Shall we meet at the harbour at eight?')).toBeVisible();
      return bob;
    },
  },
  {
    name: 'conversation',
    async visit({ alice, bob }) {
      await bob.openConversation('Alice');
      await bob.reads('Shall we meet at the harbour at eight?');
      await bob.send('Yes! I bring the maps: https://example.org/harbour');
      await bob.send('And coffee.');
      await alice.reads('And coffee.');
      await alice.send('Then I bring the cake. See you there.');
      await bob.reads('Then I bring the cake. See you there.');
      return alice;
    },
  },
  {
    name: 'tray',
    onlyPicture: true,
    async visit({ bob }) {
      await attach(bob, [
        given('pier.png', 'image/png', png(640, 400, 1)),
        given('boat.png', 'image/png', png(400, 400, 3)),
        given(
          'A long name of a plan that has to be cut somewhere.pdf',
          'application/pdf',
          Buffer.alloc(9_000),
        ),
      ]);
      await expect(tray(bob).getByRole('listitem')).toHaveCount(3);
      await bob.composer.fill('Before it goes out');
      await expect(bob.page.getByRole('button', { name: 'Send', exact: true })).toBeEnabled();
      return bob;
    },
  },
  {
    name: 'files',
    async visit({ alice, bob }) {
      const chosen = tray(bob).getByRole('button', { name: /^Remove / });
      while ((await chosen.count()) > 0) await chosen.first().click();
      await bob.page
        .locator('input[type=file]')
        .first()
        .setInputFiles([
          { name: 'pier.png', mimeType: 'image/png', buffer: png(640, 400, 1) },
          { name: 'boat.png', mimeType: 'image/png', buffer: png(400, 400, 3) },
          { name: 'crew.png', mimeType: 'image/png', buffer: png(400, 500, 5) },
          { name: 'Harbour rules 2026.pdf', mimeType: 'application/pdf', buffer: rules() },
        ]);
      await sendTray(bob, 'Pictures of the harbour, and the rules.');
      await alice.reads('Pictures of the harbour, and the rules.');
      await expect(alice.messages.locator('img.tile-picture')).toHaveCount(3, { timeout: 30_000 });
      return alice;
    },
  },
  {
    name: 'viewer',
    onlyPicture: true,
    async visit({ alice }) {
      await alice.messages.locator('.tile').first().click();
      await expect(alice.page.getByRole('dialog').getByRole('img')).toBeVisible();
      return alice;
    },
  },
  {
    name: 'pdf',
    onlyPicture: true,
    async visit({ alice }) {
      await alice.page.keyboard.press('Escape');
      await alice.messages.getByRole('button', { name: /^Open Harbour rules/ }).click();
      const frame = alice.page.frameLocator('iframe.pdf-frame');
      await expect(frame.getByText('2. Mooring and lights')).toBeAttached({ timeout: 30_000 });
      return alice;
    },
  },
  {
    name: 'recorder',
    onlyPicture: true,
    async visit({ alice }) {
      await alice.page.keyboard.press('Escape');
      await alice.page.getByRole('button', { name: 'Record a voice message' }).click();
      await expect(alice.page.getByRole('timer')).toHaveText('0:02', { timeout: 20_000 });
      return alice;
    },
  },
  {
    name: 'all-files',
    onlyPicture: true,
    async visit({ alice }) {
      await alice.page.getByRole('button', { name: 'Throw the recording away' }).click();
      const panel = await alice.openDetails();
      await panel.getByRole('button', { name: /^Show all files/ }).click();
      await expect(alice.page.getByRole('dialog')).toBeVisible();
      return alice;
    },
  },
  {
    name: 'details',
    async visit({ alice }) {
      const open = alice.page.getByRole('dialog').getByRole('button', { name: NAMES.close });
      if (await open.isVisible()) await open.click();
      await alice.openDetails();
      return alice;
    },
  },
  {
    name: 'new-group',
    async visit({ alice, bob }) {
      await alice.closeDetails();
      await bob.openNewGroup();
      return bob;
    },
  },
  {
    name: 'group',
    async visit({ bob }) {
      await bob.finishNewGroup('Harbour crew', ['Alice']);
      await bob.send('Everyone in one place.');
      await bob.reads('Everyone in one place.');
      return bob;
    },
  },
  {
    name: 'safety-number',
    async visit({ alice }) {
      await alice.openConversation('Bob');
      const panel = await alice.openDetails();
      await panel.getByRole('button', { name: NAMES.safety }).click();
      const dialog = alice.page.getByRole('dialog');
      await expect(dialog.getByRole('group', { name: NAMES.safetyNumber })).toBeVisible();
      await dialog.getByRole('textbox').fill('123456');
      return alice;
    },
  },
  {
    name: 'settings',
    async visit({ alice }) {
      await alice.page.getByRole('dialog').getByRole('button', { name: NAMES.close }).click();
      await alice.closeDetails();
      await alice.openSettings('Alice');
      return alice;
    },
  },
  {
    name: 'set-password',
    async visit({ alice }) {
      await alice.page.getByRole('main').getByRole('button', { name: 'Set a password' }).click();
      await expect(alice.page.getByRole('dialog')).toBeVisible();
      return alice;
    },
  },
  {
    name: 'recovery-phrase',
    async visit({ alice }) {
      const dialog = alice.page.getByRole('dialog');
      await alice.setPassword(PASSWORD);
      await dialog.getByRole('button', { name: 'Make recovery phrase' }).click();
      await dialog.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Show the words' }).click();
      await expect(dialog.getByRole('listitem')).toHaveCount(24, { timeout: 30_000 });
      return alice;
    },
  },
  {
    name: 'recovery-phrase-asked',
    async visit({ alice }) {
      const dialog = alice.page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'I have written them down' }).click();
      await dialog.getByRole('button', { name: 'Confirm' }).click();
      await expect(dialog.getByRole('alert')).toHaveCount(3);
      return alice;
    },
  },
  {
    name: 'forgotten-password',
    async visit({ visitor }) {
      await visitor.page.getByRole('tab', { name: NAMES.signInTab }).click();
      await visitor.page.getByRole('button', { name: NAMES.forgot }).click();
      await visitor.page.getByRole('button', { name: 'Sign in and set the password' }).click();
      await expect(visitor.page.getByRole('alert').first()).toBeVisible();
      return visitor;
    },
  },
  {
    name: 'reset',
    onlyPicture: true,
    async visit({ visitor }) {
      await visitor.page.getByRole('button', { name: 'I lost everything' }).click();
      await expect(visitor.page.getByRole('textbox', { name: /code/i })).toBeVisible();
      return visitor;
    },
  },
  {
    name: 'new-device',
    async visit({ alice, visitor }) {
      await alice.page.getByRole('dialog').getByRole('button', { name: NAMES.close }).click();
      await visitor.page.getByRole('button', { name: 'Back to signing in' }).click();
      await visitor.signIn('Alice', PASSWORD);
      await expect(alice.page.getByText('Was this you?')).toBeVisible({ timeout: 30_000 });
      return alice;
    },
  },
  {
    name: 'devices',
    async visit({ alice }) {
      await alice.page.getByRole('button', { name: 'Yes, it was me' }).click();
      const list = await alice.openDevices('Alice');
      await expect(list.getByRole('listitem')).toHaveCount(2);
      return alice;
    },
  },
  {
    name: 'password-changed-elsewhere',
    async visit({ alice, visitor }) {
      await visitor.openSettings('Alice');
      await visitor.page.getByRole('button', { name: 'Change password' }).click();
      await visitor.setPassword('another good password');
      await expect(alice.page.getByRole('region', { name: 'Password changed' })).toBeVisible({
        timeout: 30_000,
      });
      return alice;
    },
  },
  {
    name: 'removed',
    async visit({ alice, visitor }) {
      await visitor.page.getByRole('dialog').getByRole('button', { name: NAMES.close }).click();
      await visitor.openDevices('Alice');
      await visitor.page.getByRole('button', { name: 'Sign out all others' }).click();
      await visitor.page
        .getByRole('alertdialog')
        .getByRole('button', { name: /^(Remove|Sign out)/ })
        .click();
      await expect(alice.page.getByRole('heading', { name: /was removed/ })).toBeVisible({ timeout: 30_000 });
      return alice;
    },
  },
];
