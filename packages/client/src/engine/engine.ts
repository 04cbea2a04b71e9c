import { createInvite, deletedBy, inviteFragment, randomId, safetyNumber, takesBody } from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  equalBytes,
  LIMITS,
  type MessageId,
  type Role,
  type RoomId,
  type RoomPolicy,
  utf8,
} from '@sotto/protocol';
import pMap from 'p-map';
import type { Chosen, Engine, InvitePreview, OwnDevice, SafetyNumber, SearchHit, Timeline } from '../api.ts';
import { ClientError } from '../error.ts';
import type { Events } from '../events.ts';
import type { Files } from '../files.ts';
import { filesIn } from '../message-item.ts';
import type { Platform } from '../seams/index.ts';
import type { Draft, EngineState, TimelineItem } from '../state.ts';
import { ownDevices, removeDevices, renameAccount, type ShownDevice } from './account/devices.ts';
import { createRecoveryPhrase, setPassword, takeBack, unlockVault } from './account/passwords.ts';
import { checkPassword } from './account/setup.ts';
import { ROOMS_AT_ONCE } from './at-once.ts';
import { acceptRequest, declineRequest, setBlocked } from './consent/answers.ts';
import type { EngineCore } from './core.ts';
import { readTo } from './rooms/log/read.ts';
import { joinByInvite, readInvite } from './rooms/membership/invites.ts';
import { leaveRoom } from './rooms/membership/leave.ts';
import { checkProfile } from './rooms/membership/profile.ts';
import type { EntryRow, RoomRow } from './rows.ts';
import { project } from './timeline/project.ts';

const SEARCHED = 5_000;

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

  get events(): Events {
    return this.#core.events;
  }

  get state(): EngineState {
    return this.#core.published.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#core.published.changed.on(listener);
  }

  timeline(room: RoomId): Timeline {
    return this.#core.timelines.open(room);
  }

  async openDirect(person: Chosen): Promise<RoomId> {
    const { consent, epochs } = this.#core;
    const account = typeof person === 'string' ? person : person.account;
    if (!consent.hears(account)) throw new ClientError('usage', { reason: 'blocked' });
    const room = await epochs.openDirect(person);
    await consent.enter(room);
    return room;
  }

  acceptRequest(room: RoomId, header: string): Promise<void> {
    return acceptRequest(this.#core, room, header);
  }

  declineRequest(room: RoomId, answer: { header: string; block: boolean }): Promise<void> {
    return declineRequest(this.#core, room, answer);
  }

  block(account: AccountId): Promise<void> {
    return setBlocked(this.#core, account, true);
  }

  unblock(account: AccountId): Promise<void> {
    return setBlocked(this.#core, account, false);
  }

  async createGroup(group: { name: string; topic?: string; members: readonly Chosen[] }): Promise<RoomId> {
    return this.#core.epochs.createGroup(checkProfile(group.name, group.topic ?? ''), group.members);
  }

  async rename(room: RoomId, profile: { name: string; topic?: string }): Promise<void> {
    const { topic } = this.#row(room).profile;
    return this.#core.epochs.change(room, { profile: checkProfile(profile.name, profile.topic ?? topic) });
  }

  setPolicy(room: RoomId, policy: RoomPolicy): Promise<void> {
    return this.#core.epochs.change(room, { policy });
  }

  addMembers(room: RoomId, people: readonly Chosen[]): Promise<void> {
    return this.#core.epochs.change(room, { add: people });
  }

  removeMember(room: RoomId, account: AccountId): Promise<void> {
    return this.#core.epochs.change(room, { remove: [account] });
  }

  setRole(room: RoomId, account: AccountId, role: Role): Promise<void> {
    return this.#core.epochs.change(room, { roles: [{ account, role }] });
  }

  async leave(room: RoomId): Promise<void> {
    await leaveRoom(this.#core, room);
    // Attack 48: who left is asked again, whoever brings them back.
    await this.#core.consent.decide([{ about: 'room', room, said: null }]);
  }

  rekey(room: RoomId): Promise<void> {
    return this.#core.epochs.change(room, {});
  }

  async createInvite(room: RoomId, expires: number): Promise<string> {
    const { profile } = this.#row(room);
    const over = this.#core.calls.serverTime(expires);
    const { secret, invite } = await createInvite({ room, profile, expires: over });
    await this.#core.epochs.change(room, { addInvite: invite });
    return inviteFragment(room, secret);
  }

  revokeInvites(room: RoomId): Promise<void> {
    return this.#core.epochs.change(room, { revokeInvites: true });
  }

  async previewInvite(fragment: string): Promise<InvitePreview> {
    const { directory } = this.#core;
    const { header, profile, current } = await readInvite(this.#core, this.#platform.transport, fragment);
    const { room, members } = header.header;
    const people = members.map(({ account }) => ({ account, name: directory.nameOf(account) }));
    return { room, name: profile.name, current, members: people, header: header.signed };
  }

  joinByInvite(fragment: string, { header }: Pick<InvitePreview, 'header'>): Promise<RoomId> {
    return joinByInvite(this.#core, this.#platform.transport, fragment, header);
  }

  async sendText(
    room: RoomId,
    text: { body: string; reply?: number; mentions?: readonly AccountId[] },
  ): Promise<MessageId> {
    const { body, reply, mentions } = text;
    if (utf8(body).length > LIMITS.text) throw textTooLong();
    this.#row(room);
    return this.#core.outbox.add(room, { kind: 'text', body, reply, mentions });
  }

  async edit(room: RoomId, position: number, body: string): Promise<void> {
    if (utf8(body).length > LIMITS.text) throw textTooLong();
    const { what } = await this.#own(room, position);
    if (what.type !== 'message' || !takesBody(what.content, body)) {
      throw new ClientError('usage', { reason: 'not_editable' });
    }
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
    this.#core.background(this.#core.receipts.sendTyping(room, typing));
  }

  async markRead(room: RoomId, position: number): Promise<void> {
    const { consent } = this.#core;
    if (!consent.isOpen(room)) return; // attack 48: looking at a request is not reading it
    await consent.enter(room);
    await readTo(this.#core, room, position);
  }

  async setDraft(room: RoomId, draft: Draft): Promise<void> {
    await this.#core.rows.update(room, (row) => ({ ...row, draft }));
    this.#core.announce({ type: 'room', room });
  }

  async setMuted(room: RoomId, muted: boolean): Promise<void> {
    await this.#core.rows.update(room, (row) => ({ ...row, muted }));
    this.#core.announce({ type: 'room', room });
  }

  async renameSelf(name: string): Promise<void> {
    await renameAccount(this.#devices(), name);
    await this.#renewAll();
  }

  async safetyNumber(account: AccountId): Promise<SafetyNumber | null> {
    const { directory, keys } = this.#core;
    const identity = await directory.shownIdentity(account);
    if (!identity) return null;
    const numberOf = (theirs: Bytes) => safetyNumber(keys.self, { account, identity: theirs });
    const known = directory.identityOf(account);
    const replaces = known && !equalBytes(known, identity) ? await numberOf(known) : null;
    return { number: await numberOf(identity), identity, replaces };
  }

  async setVerified(account: AccountId, identity: Bytes, verified: boolean): Promise<void> {
    const { directory } = this.#core;
    if (verified && directory.trustOf(account) === 'changed') await this.acceptIdentity(account, identity);
    await directory.setVerified(account, identity, verified);
    this.#core.announce({ type: 'people' });
  }

  async acceptIdentity(account: AccountId, identity: Bytes): Promise<void> {
    if (!(await this.#core.directory.acceptIdentity(account, identity))) return;
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
      // The next epoch carries the new identity; where only an admin may say so, an admin's device will (attack 48: or
      // where the room was not accepted, once it is).
      if (!this.#core.consent.isOpen(row.room) || !this.#core.epochs.mayCarryOver(row)) {
        this.#core.outbox.pump(row.room);
        continue;
      }
      this.#core.background(
        this.#core.epochs.change(row.room, {}).then(() => this.#core.outbox.pump(row.room)),
      );
    }
  }

  async dismissNotice(id: string): Promise<void> {
    this.#core.notices.dismiss(id);
  }

  // What people do seldom comes when it is asked for: the page's first load is small.
  async exportData(onProgress?: (done: number, total: number) => void): Promise<Uint8Array> {
    const { exportAccount } = await import('./account/export.ts');
    return exportAccount(this.#core, onProgress);
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
    await this.#renewAll();
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

  async removeDevices(devices: readonly ShownDevice[]): Promise<void> {
    await removeDevices(this.#devices(), devices);
    await this.#core.upkeep.dropNames(devices.map(({ device }) => device));
    await this.#renewAll();
  }

  /** Fresh keys in every room where they are due. @throws the first reason of those that got none; the others have theirs */
  async #renewAll(): Promise<void> {
    const reasons: unknown[] = [];
    const renew = ({ room }: RoomRow) =>
      this.#core.epochs.renew(room).catch((reason: unknown) => reasons.push(reason));
    await pMap(this.#core.rows.all(), renew, ROOMS_AT_ONCE);
    if (reasons.length > 0) throw reasons[0];
  }

  async #removeOthers(): Promise<void> {
    const others = (await this.devices()).filter(({ current }) => !current);
    await removeDevices(this.#devices(), others);
  }

  #account() {
    const { storage, calls, upkeep, own, directory } = this.#core;
    const ownList = () => directory.ownList();
    return { platform: this.#platform, storage, calls, keeper: upkeep.keeper, self: own.row, ownList };
  }

  #devices() {
    const { calls, clock, directory, keys, upkeep } = this.#core;
    return { calls, clock, directory, keys, upkeep, transport: this.#platform.transport };
  }

  async search(query: string, limit = 50): Promise<readonly SearchHit[]> {
    const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const hits: SearchHit[] = [];
    const { consent, rows } = this.#core;
    for (const row of rows.all()) {
      if (consent.ofRow(row) !== 'open') continue;
      const entries = await rows.lastEntries(row.room, row.state.position, SEARCHED);
      const items = project({
        entries,
        outbox: this.#core.outbox.items(row.room),
        lines: [],
        receipts: [],
        self: this.#core.keys.self,
        members: [],
        hears: (account) => consent.hears(account),
        entitled: () => true,
      });
      hits.push(...items.flatMap((item) => hitOf(row.room, item, words)));
    }
    return hits.sort((a, b) => b.time - a.time).slice(0, limit);
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
    const waits = this.#core.outbox.items(room).some(({ content }) => deletedBy(content) === position);
    if (waits) throw new ClientError('deleted'); // before the log is asked: what waits here may be there by then
    const [entry, ...later] = await this.#core.rows.entries(room, { from: position });
    if (entry?.position !== position) throw new ClientError('not_found');
    if (entry.account !== this.account) throw new ClientError('forbidden');
    if (later.some((each) => deletes(each, entry))) throw new ClientError('deleted');
    return entry;
  }
}

const textTooLong = () => new ClientError('too_large', { reason: 'text_too_long', limit: LIMITS.text });

const deletes = ({ account, what }: EntryRow, { position, account: author }: EntryRow): boolean =>
  what.type === 'message' && deletedBy(what.content) === position && account === author;

/** By what is shown: what was edited is found by its new words, what was deleted not at all. */
function hitOf(room: RoomId, item: TimelineItem, words: readonly string[]): SearchHit[] {
  if (item.type !== 'message' || item.position === null || item.blocked || item.kind === 'deleted') return [];
  const { body, position, account, time } = item;
  const files = filesIn(item);
  const searched = [body, ...files.map(({ name }) => name)].join('\n').toLocaleLowerCase();
  if (!words.every((word) => searched.includes(word))) return [];
  return [{ room, position, account, time, body, ...(files.length > 0 ? { files } : {}) }];
}
