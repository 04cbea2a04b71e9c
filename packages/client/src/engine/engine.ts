import { createInvite, inviteFragment, randomId, safetyNumber } from '@sotto/crypto';
import {
  type AccountId,
  type DeviceId,
  LIMITS,
  type MessageId,
  type Role,
  type RoomId,
  type RoomPolicy,
  utf8,
} from '@sotto/protocol';
import type { Engine, IncomingMessage, OwnDevice, SearchHit, Timeline } from '../api.ts';
import type { BackupMade, BackupPlan, BackupSource, BackupWatch, RestoredFiles } from '../backup.ts';
import { ClientError } from '../error.ts';
import type { Files } from '../files.ts';
import type { Platform } from '../seams/index.ts';
import type { EngineState } from '../state.ts';
import { createBackup } from './account/backup/create.ts';
import { planBackup } from './account/backup/files.ts';
import { restoreFiles } from './account/backup/restore-files.ts';
import { ownDevices, removeDevices } from './account/devices.ts';
import { exportAccount } from './account/export.ts';
import { createRecoveryPhrase, setPassword, takeBack, unlockVault } from './account/passwords.ts';
import { checkPassword } from './account/setup.ts';
import type { EngineCore } from './core.ts';
import { fileItem } from './files/file-item.ts';
import { inTurns } from './in-turns.ts';
import { joinByInvite, readInvite } from './rooms/invites.ts';
import { leaveRoom } from './rooms/leave.ts';
import type { EntryRow, RoomRow } from './rows.ts';

const SEARCHED = 5_000;
const EMPTY = 'Only the caption of files can be emptied; a text is deleted.';

/** E1: the commands of one signed-in account. */
export class SottoEngine implements Engine {
  readonly #core: EngineCore;
  readonly #platform: Platform;

  constructor(core: EngineCore, platform: Platform) {
    this.#core = core;
    this.#platform = platform;
  }

  get account(): AccountId {
    return this.#core.keys.self.account;
  }

  get files(): Files {
    return this.#core.files;
  }

  get state(): EngineState {
    return this.#core.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#core.changed.on(listener);
  }

  timeline(room: RoomId): Timeline {
    return this.#core.timeline(room);
  }

  openDirect(account: AccountId): Promise<RoomId> {
    return this.#core.epochs.openDirect(account);
  }

  createGroup(group: { name: string; topic?: string; members: readonly AccountId[] }): Promise<RoomId> {
    return this.#core.epochs.createGroup(
      { name: group.name.trim(), topic: group.topic ?? '' },
      group.members,
    );
  }

  rename(room: RoomId, profile: { name: string; topic?: string }): Promise<void> {
    const { topic } = this.#row(room).profile;
    return this.#core.epochs.change(room, {
      profile: { name: profile.name.trim(), topic: profile.topic ?? topic },
    });
  }

  setPolicy(room: RoomId, policy: RoomPolicy): Promise<void> {
    return this.#core.epochs.change(room, { policy });
  }

  addMembers(room: RoomId, accounts: readonly AccountId[]): Promise<void> {
    return this.#core.epochs.change(room, { add: accounts });
  }

  removeMember(room: RoomId, account: AccountId): Promise<void> {
    return this.#core.epochs.change(room, { remove: [account] });
  }

  setRole(room: RoomId, account: AccountId, role: Role): Promise<void> {
    return this.#core.epochs.change(room, { roles: [{ account, role }] });
  }

  async leave(room: RoomId): Promise<void> {
    await leaveRoom(this.#core, room);
  }

  rekey(room: RoomId): Promise<void> {
    return this.#core.epochs.change(room, {});
  }

  async createInvite(room: RoomId, expires: number): Promise<string> {
    const { profile } = this.#row(room);
    const { secret, invite } = await createInvite({ room, profile, expires });
    await this.#core.epochs.change(room, { addInvite: invite });
    return inviteFragment(room, secret);
  }

  revokeInvites(room: RoomId): Promise<void> {
    return this.#core.epochs.change(room, { revokeInvites: true });
  }

  async previewInvite(fragment: string): Promise<{ room: RoomId; name: string; members: number }> {
    const { header, profile } = await readInvite(this.#core, this.#platform.transport, fragment);
    return { room: header.header.room, name: profile.name, members: header.header.members.length };
  }

  joinByInvite(fragment: string): Promise<RoomId> {
    return joinByInvite(this.#core, this.#platform.transport, fragment);
  }

  async sendText(
    room: RoomId,
    text: { body: string; reply?: number; mentions?: readonly AccountId[] },
  ): Promise<MessageId> {
    const { body, reply, mentions } = text;
    if (utf8(body).length > LIMITS.text) throw new ClientError('too_large');
    this.#row(room);
    return this.#core.outbox.add(room, { kind: 'text', body, reply, mentions });
  }

  async edit(room: RoomId, position: number, body: string): Promise<void> {
    if (utf8(body).length > LIMITS.text) throw new ClientError('too_large');
    const { what } = await this.#own(room, position);
    const captioned = what.type === 'message' && what.content.kind === 'files';
    if (body.trim() === '' && !captioned) throw new ClientError('usage', { message: EMPTY });
    await this.#core.outbox.add(room, { kind: 'edit', target: position, body });
  }

  async remove(room: RoomId, position: number): Promise<void> {
    const entry = await this.#own(room, position);
    const id = randomId<MessageId>();
    const files = this.#core.files.doomed(room, entry, id);
    await this.#core.outbox.add(room, { kind: 'delete', target: position }, { id, files });
  }

  async react(room: RoomId, position: number, emoji: string, on: boolean): Promise<void> {
    await this.#core.outbox.add(room, { kind: 'reaction', target: position, emoji, on });
  }

  retry(room: RoomId, id: MessageId): Promise<void> {
    return this.#core.outbox.retry(room, id);
  }

  discard(room: RoomId, id: MessageId): Promise<void> {
    return this.#core.outbox.discard(room, id);
  }

  setTyping(room: RoomId, typing: boolean): void {
    this.#core.background(this.#core.marks.sendTyping(room, typing));
  }

  markRead(room: RoomId, position: number): Promise<void> {
    return this.#core.readTo(room, position);
  }

  async setDraft(room: RoomId, draft: string): Promise<void> {
    await this.#core.rows.update(room, (row) => (row.draft === draft ? row : { ...row, draft }));
  }

  async setMuted(room: RoomId, muted: boolean): Promise<void> {
    await this.#core.rows.update(room, (row) => ({ ...row, muted }));
    this.#core.announce({ type: 'room', room });
  }

  async safetyNumber(account: AccountId): Promise<string | null> {
    const { self } = this.#core.keys;
    if (!this.#core.directory.identityOf(account)) await this.#core.directory.fetchKeys([account]);
    const identity = this.#core.directory.identityOf(account);
    return (
      identity && safetyNumber({ account: self.account, identity: self.identity }, { account, identity })
    );
  }

  async setVerified(account: AccountId, verified: boolean): Promise<void> {
    await this.#core.directory.setVerified(account, verified);
    this.#core.announce({ type: 'people' });
  }

  async acceptIdentity(account: AccountId): Promise<void> {
    await this.#core.directory.acceptIdentity(account);
    this.#core.announce({ type: 'people' });
    this.#core.background(this.#core.sync.retryRefused());
    const time = this.#core.clock.now();
    const event = { type: 'identity-accepted', account } as const;
    for (const row of this.#core.rows.all()) {
      if (!row.state.header?.header.members.some((member) => member.account === account)) continue;
      await this.#core.rows.update(row.room, (old) => ({
        ...old,
        alarm: old.alarm?.kind === 'identity-changed' ? null : old.alarm,
        lines: [...old.lines, { after: old.state.position, time, event }],
      }));
      // The next epoch carries the new identity; where only an admin may say so, an admin's device will.
      if (!this.#core.epochs.mayCarryOver(row)) {
        this.#core.outbox.pump(row.room);
        continue;
      }
      this.#core.background(
        this.#core.epochs.change(row.room, {}).then(() => this.#core.outbox.pump(row.room)),
      );
    }
  }

  async dismissNotice(id: string): Promise<void> {
    this.#core.dismiss(id);
  }

  exportData(onProgress?: (done: number, total: number) => void): Promise<Uint8Array> {
    return exportAccount(this.#core, onProgress);
  }

  planBackup(watch: BackupWatch = {}): Promise<BackupPlan> {
    return planBackup(this.#core, watch);
  }

  createBackup(
    write: (part: Uint8Array<ArrayBuffer>) => Promise<void>,
    options: BackupWatch & { readonly files: boolean },
  ): Promise<BackupMade> {
    return createBackup(this.#core, write, options);
  }

  restoreFiles(
    backup: { file: BackupSource; phrase?: string | undefined },
    watch: BackupWatch = {},
  ): Promise<RestoredFiles> {
    return restoreFiles(this.#core, this.#platform.fileTransport, { ...backup, ...watch });
  }

  async setPassword(password: string): Promise<void> {
    await this.#core.becameAccount(await setPassword(this.#account(), password));
  }

  async takeBack(password: string): Promise<void> {
    checkPassword(password);
    await this.#removeOthers();
    await this.#core.becameAccount(await takeBack(this.#account(), password));
    await this.#removeOthers(); // whoever came in with the old password meanwhile
    await this.#core.archive.startAnew();
    await inTurns(this.#core.rows.all(), ({ room }) => this.#core.epochs.renew(room));
  }

  async unlockVault(password: string): Promise<void> {
    await this.#core.becameAccount(await unlockVault(this.#account(), password));
  }

  createRecoveryPhrase(password: string): Promise<string> {
    return createRecoveryPhrase(this.#account(), password);
  }

  devices(): Promise<readonly OwnDevice[]> {
    return ownDevices(this.#devices());
  }

  renameDevice(device: DeviceId, name: string): Promise<void> {
    return this.#core.upkeep.rename(device, name.trim());
  }

  async removeDevices(devices: readonly DeviceId[]): Promise<void> {
    await removeDevices(this.#devices(), devices);
    await this.#core.upkeep.dropNames(devices);
    await inTurns(this.#core.rows.all(), ({ room }) => this.#core.epochs.renew(room));
  }

  async #removeOthers(): Promise<void> {
    const others = (await this.devices()).filter(({ current }) => !current);
    await removeDevices(
      this.#devices(),
      others.map(({ device }) => device),
    );
  }

  #account() {
    const { storage, calls, upkeep, state } = this.#core;
    const { account, device, name, kind, identity } = state.self;
    const self = { account, device, name, kind, identity };
    return { platform: this.#platform, storage, calls, keeper: upkeep.keeper, self };
  }

  #devices() {
    const { context, upkeep } = this.#core;
    return { context, upkeep, transport: this.#platform.transport };
  }

  async search(query: string, limit = 50): Promise<readonly SearchHit[]> {
    const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const hits: SearchHit[] = [];
    for (const row of this.#core.rows.all()) {
      const entries = await this.#core.rows.lastEntries(row.room, row.state.position, SEARCHED);
      hits.push(...entries.flatMap((entry) => hitOf(row.room, entry, words)));
    }
    return hits.sort((a, b) => b.time - a.time).slice(0, limit);
  }

  onMessage(listener: (message: IncomingMessage) => void): () => void {
    return this.#core.incoming.on(listener);
  }

  reconnect(): void {
    this.#core.connection.retryNow();
  }

  close(): Promise<void> {
    return this.#core.close();
  }

  #row(room: RoomId): RoomRow {
    const row = this.#core.rows.peek(room);
    if (!row) throw new ClientError('not_found');
    return row;
  }

  /** Attack 30: only one's own messages are edited and deleted; the others would refuse it anyway. */
  async #own(room: RoomId, position: number): Promise<EntryRow> {
    const entry = await this.#core.rows.entry(room, position);
    if (!entry) throw new ClientError('not_found');
    if (entry.account !== this.account) throw new ClientError('forbidden');
    return entry;
  }
}

function hitOf(room: RoomId, entry: EntryRow, words: readonly string[]): SearchHit[] {
  if (entry.what.type !== 'message') return [];
  const { content } = entry.what;
  if (content.kind !== 'text' && content.kind !== 'files') return [];
  const { body } = content;
  const files = content.kind === 'files' ? { files: content.files.map(fileItem) } : {};
  const said = [body, ...(files.files ?? []).map(({ name }) => name)].join('\n').toLocaleLowerCase();
  if (!words.every((word) => said.includes(word))) return [];
  const { position, account, time } = entry;
  return [{ room, position, account, time, body, ...files }];
}
