import { expect, type Locator, type Page } from '@playwright/test';

/** Accessible names of the interface's parts, in one place: tests find things as a screen reader does. */
export const NAMES = {
  nameField: 'Name',
  start: 'Start chatting',
  write: (name: string) => new RegExp(`^Write to ${name},`),
  conversations: 'Conversations',
  people: 'People',
  messages: 'Messages',
  composer: 'Message',
  requests: /^Requests/,
  accept: 'Accept',
  anyBack: /^Back( to conversations)?$/,
  newGroup: 'New group',
  groupName: 'Group name',
  createGroup: 'Create group',
  details: 'Details',
  closeDetails: 'Close details',
  addPeople: 'Add people',
  add: 'Add',
  memberActions: (name: string) => `Actions for ${name}`,
  remove: /^Remove/,
  createInvite: 'Create invite link',
  inviteLink: 'Invite link',
  leave: 'Leave group',
  createTab: 'Create account',
  signInTab: 'Sign in',
  password: 'Password',
  newPassword: 'New password',
  forgot: 'Forgot your password?',
  phrase: 'Recovery phrase',
  settings: (name: string) => `Settings of ${name}`,
  setPassword: 'Set password',
  safety: 'Compare safety number',
  safetyNumber: 'Safety number',
  close: 'Close',
  devices: 'Your devices',
  deviceActions: (name: string) => `Actions for ${name}`,
  removeDevice: 'Remove',
} as const;

/** Somebody in front of a page: what they do and what they see, by roles and names. */
export class Person {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get nameField(): Locator {
    return this.page.getByRole('textbox', { name: NAMES.nameField, exact: true });
  }

  /** Makes a guest account through the page. */
  async signUp(name: string): Promise<void> {
    await this.nameField.fill(name);
    await this.page.getByRole('button', { name: NAMES.start }).click();
    await expect(this.conversations).toBeVisible({ timeout: 30_000 });
  }

  get passwordField(): Locator {
    return this.page.getByRole('textbox', { name: NAMES.password, exact: true });
  }

  /** Makes an account with a password through the page. */
  async createAccount(name: string, password: string): Promise<void> {
    await this.enter(NAMES.createTab, name, password);
    await expect(this.conversations).toBeVisible({ timeout: 30_000 });
  }

  /** Signs in as a further device; who expects a refusal looks for it. */
  async signIn(name: string, password: string): Promise<void> {
    await this.enter(NAMES.signInTab, name, password);
  }

  private async enter(way: string, name: string, password: string): Promise<void> {
    await this.page.getByRole('tab', { name: way }).click();
    await this.nameField.fill(name);
    await this.passwordField.fill(password);
    await this.page.getByRole('button', { name: way, exact: true }).click();
  }

  /** Signs in by the recovery phrase and sets a new password. */
  async recover(who: { name: string; phrase: string; password: string }): Promise<void> {
    await this.page.getByRole('tab', { name: NAMES.signInTab }).click();
    await this.page.getByRole('button', { name: NAMES.forgot }).click();
    await this.nameField.fill(who.name);
    await this.page.getByRole('textbox', { name: NAMES.phrase }).fill(who.phrase);
    await this.page.getByRole('textbox', { name: NAMES.newPassword }).fill(who.password);
    await this.page.getByRole('button', { name: 'Sign in and set the password' }).click();
  }

  async openSettings(name: string): Promise<void> {
    await this.toList();
    await this.conversations.getByRole('link', { name: NAMES.settings(name) }).click();
    await expect(this.page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  }

  async openDevices(name: string): Promise<Locator> {
    await this.openSettings(name);
    await this.page.getByRole('link', { name: 'Devices' }).click();
    const list = this.page.getByRole('list', { name: 'Devices', exact: true });
    await expect(list).toBeVisible();
    return list;
  }

  /** Sets or changes the password in the settings. */
  async setPassword(password: string): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: NAMES.newPassword }).fill(password);
    await dialog.getByRole('button', { name: /^(Set|Change) password$/ }).click();
    await expect(dialog.getByText(/can now sign in|is changed/)).toBeVisible({ timeout: 30_000 });
  }

  /** The 60 digits shared with the other side of the open conversation. */
  async safetyNumber(): Promise<string> {
    const panel = await this.openDetails();
    await panel.getByRole('button', { name: NAMES.safety }).click();
    const dialog = this.page.getByRole('dialog');
    const digits = await dialog.getByRole('group', { name: NAMES.safetyNumber }).textContent();
    await dialog.getByRole('button', { name: NAMES.close }).click();
    await expect(dialog).toBeHidden();
    await this.closeDetails();
    return (digits ?? '').replaceAll(/\D/g, '');
  }

  get conversations(): Locator {
    return this.page.getByRole('navigation', { name: NAMES.conversations });
  }

  get messages(): Locator {
    return this.page.getByRole('region', { name: NAMES.messages, exact: true });
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: NAMES.composer, exact: true });
  }

  /** The line with exactly this text in the open conversation. */
  message(text: string): Locator {
    return this.messages.getByText(text, { exact: true });
  }

  /** On a narrow screen the list and a conversation are not shown at once. */
  async toList(): Promise<void> {
    const back = this.page.getByRole('button', { name: NAMES.anyBack });
    for (let steps = 0; steps < 6; steps += 1) {
      await expect(this.conversations.or(back).first()).toBeVisible();
      if (await this.conversations.isVisible()) return;
      const before = this.page.url();
      await back.click();
      await expect.poll(() => this.page.url()).not.toBe(before);
    }
    await expect(this.conversations).toBeVisible();
  }

  /** Somebody in the live list of people, with whom there is no conversation yet. */
  stranger(name: string): Locator {
    return this.conversations.getByRole('button', { name: NAMES.write(name) });
  }

  /** Opens the direct conversation with somebody from the live list of people. */
  async openDirect(other: string): Promise<void> {
    await this.toList();
    await this.stranger(other).click();
    await expect(this.page.getByRole('heading', { level: 1, name: other, exact: true })).toBeVisible();
    await expect(this.composer).toBeVisible();
  }

  /** Where the list leads to people who ask; there only while somebody does. */
  get requests(): Locator {
    return this.conversations.getByRole('link', { name: NAMES.requests });
  }

  /** What somebody asks for. */
  requestOf(name: string): Locator {
    return this.page.getByRole('article', { name, exact: true });
  }

  async openRequests(): Promise<void> {
    await this.toList();
    await this.requests.click();
    await expect(this.page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible();
  }

  /** Says yes to whoever asked first (attack 48). */
  async acceptRequest(): Promise<void> {
    await this.openRequests();
    await this.page.getByRole('button', { name: NAMES.accept, exact: true }).last().click();
    await expect(this.composer).toBeVisible();
  }

  /** Opens a conversation that the list has, or will have in a moment; where somebody asks for it, it is accepted. */
  async openConversation(title: string): Promise<void> {
    await this.toList();
    const exactTitle = this.page.getByText(title, { exact: true });
    const link = this.conversations.getByRole('link').filter({ has: exactTitle });
    while (!(await link.isVisible())) {
      await expect(link.or(this.requests).first()).toBeVisible({ timeout: 30_000 });
      if (await link.isVisible()) break;
      await this.acceptRequest();
      await this.toList();
    }
    await link.click();
    await expect(this.page.getByRole('heading', { level: 1, name: title, exact: true })).toBeVisible();
  }

  get newGroup(): Locator {
    return this.conversations.getByRole('button', { name: NAMES.newGroup });
  }

  async openNewGroup(): Promise<Locator> {
    await this.toList();
    await this.newGroup.click();
    const dialog = this.page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    return dialog;
  }

  async finishNewGroup(name: string, members: readonly string[]): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: NAMES.groupName }).fill(name);
    for (const member of members) await dialog.getByRole('checkbox', { name: member, exact: true }).check();
    await dialog.getByRole('button', { name: NAMES.createGroup }).click();
    await expect(dialog).toBeHidden();
    await expect(this.composer).toBeVisible();
  }

  async createGroup(name: string, members: readonly string[]): Promise<void> {
    await this.openNewGroup();
    await this.finishNewGroup(name, members);
  }

  get details(): Locator {
    return this.page.getByRole('complementary', { name: NAMES.details });
  }

  /** Opens the panel with members and settings. */
  async openDetails(): Promise<Locator> {
    if (!(await this.details.isVisible())) {
      await this.page.getByRole('button', { name: NAMES.details, exact: true }).click();
    }
    await expect(this.details).toBeVisible();
    return this.details;
  }

  async closeDetails(): Promise<void> {
    await this.details.getByRole('button', { name: NAMES.closeDetails }).click();
    await expect(this.details).toBeHidden();
  }

  /** Somebody's entry in the list of members. */
  member(name: string): Locator {
    return this.details.getByRole('listitem').filter({ hasText: name });
  }

  async addMember(name: string): Promise<void> {
    const panel = await this.openDetails();
    await panel.getByRole('button', { name: NAMES.addPeople }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name, exact: true }).check();
    await dialog.getByRole('button', { name: NAMES.add, exact: true }).click();
    await expect(this.member(name)).toBeVisible();
  }

  /** @param saying what the question has to tell */
  async removeMember(name: string, saying: string | RegExp = name): Promise<void> {
    const panel = await this.openDetails();
    await panel.getByRole('button', { name: NAMES.memberActions(name) }).click();
    await this.page.getByRole('menuitem', { name: NAMES.remove }).click();
    const question = this.page.getByRole('alertdialog');
    await expect(question).toContainText(saying);
    await question.getByRole('button', { name: NAMES.remove }).click();
    await expect(this.member(name)).toHaveCount(0);
  }

  async openInvite(): Promise<void> {
    const panel = await this.openDetails();
    await panel.getByRole('button', { name: NAMES.createInvite }).click();
    await expect(panel.getByRole('textbox', { name: NAMES.inviteLink })).toHaveValue(/#\/join\//);
  }

  async leave(): Promise<void> {
    const panel = await this.openDetails();
    await panel.getByRole('button', { name: NAMES.leave }).click();
    await this.page.getByRole('alertdialog').getByRole('button', { name: NAMES.leave }).click();
    await expect(this.composer).toBeHidden();
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(this.composer).toHaveValue('');
  }

  async reads(text: string): Promise<void> {
    await expect(this.message(text)).toBeVisible({ timeout: 30_000 });
  }
}
