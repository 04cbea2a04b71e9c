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
  back: 'Back to conversations',
  newGroup: 'New group',
  groupName: 'Group name',
  createGroup: 'Create group',
  details: 'Details',
  closeDetails: 'Close details',
  addPeople: 'Add people',
  add: 'Add',
  memberActions: (name: string) => `Actions for ${name}`,
  remove: /^Remove/,
  leave: 'Leave group',
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
    const back = this.page.getByRole('button', { name: NAMES.back });
    await expect(this.conversations.or(back).first()).toBeVisible();
    if (await this.conversations.isVisible()) return;
    await back.click();
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
    await expect(this.composer).toBeVisible();
  }

  /** Opens a conversation that the list has, or will have in a moment. */
  async openConversation(title: string): Promise<void> {
    await this.toList();
    const exactTitle = this.page.getByText(title, { exact: true });
    await this.conversations.getByRole('link').filter({ has: exactTitle }).click();
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

  async removeMember(name: string): Promise<void> {
    const panel = await this.openDetails();
    await panel.getByRole('button', { name: NAMES.memberActions(name) }).click();
    await this.page.getByRole('menuitem', { name: NAMES.remove }).click();
    await this.page.getByRole('alertdialog').getByRole('button', { name: NAMES.remove }).click();
    await expect(this.member(name)).toHaveCount(0);
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
