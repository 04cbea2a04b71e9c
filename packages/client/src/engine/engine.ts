import {
  createInvite,
  inviteFragment,
  inviteKey,
  openInviteProfile,
  openSigned,
  parseInviteFragment,
  safetyNumber,
  sha256,
  signingKeyOf,
  VerificationError,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  equalBytes,
  fromBase64Url,
  type HeaderInvite,
  HeadersSchema,
  LIMITS,
  type MessageId,
  PATHS,
  type Role,
  type RoomId,
  type RoomPolicy,
  toBase64Url,
  utf8,
} from '@sotto/protocol';
import type { Engine, IncomingMessage, OwnDevice, SearchHit, Timeline } from '../api.ts';
import { ClientError } from '../error.ts';
import type { Platform } from '../seams/index.ts';
import type { EngineState } from '../state.ts';
import { ownDevices, removeDevices } from './account/devices.ts';
import { createRecoveryPhrase, setPassword, unlockVault } from './account/passwords.ts';
import { callOpen } from './calls.ts';
import type { EngineCore } from './core.ts';
import { leaveRoom } from './rooms/leave.ts';
import { claimedHeader } from './rooms/start.ts';
import type { EntryRow, RoomRow } from './rows.ts';

const SEARCHED = 5_000;
const JOIN_ATTEMPTS = 8;
const JOIN_AGAIN: readonly string[] = ['epoch_conflict', 'list_conflict', 'stale_key'];

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
    const { header, profile } = await this.#invited(fragment);
    return { room: header.header.room, name: profile.name, members: header.header.members.length };
  }

  async joinByInvite(fragment: string): Promise<RoomId> {
    for (let attempt = 1; ; attempt++) {
      const { header, secret, profile } = await this.#invited(fragment);
      const { room } = header.header;
      if (this.#core.rows.peek(room)?.standing === 'member') return room;
      try {
        await this.#core.epochs.join(header, secret, profile);
        return room;
      } catch (error) {
        // Another epoch came first, or one is due after somebody left: look again.
        const again = error instanceof ClientError && JOIN_AGAIN.includes(error.code);
        if (!again || attempt >= JOIN_ATTEMPTS) throw error;
        await new Promise<void>((resolve) => this.#core.clock.after(300 * attempt, resolve));
      }
    }
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
    await this.#own(room, position);
    await this.#core.outbox.add(room, { kind: 'edit', target: position, body });
  }

  async remove(room: RoomId, position: number): Promise<void> {
    await this.#own(room, position);
    await this.#core.outbox.add(room, { kind: 'delete', target: position });
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
      this.#core.background(
        this.#core.epochs.change(row.room, {}).then(() => this.#core.outbox.pump(row.room)),
      );
    }
  }

  async dismissNotice(id: string): Promise<void> {
    this.#core.dismiss(id);
  }

  async setPassword(password: string): Promise<void> {
    await this.#core.becameAccount(await setPassword(this.#account(), password));
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
    for (const row of this.#core.rows.all()) await this.#core.epochs.renew(row.room);
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
  async #own(room: RoomId, position: number): Promise<void> {
    const entry = await this.#core.rows.entry(room, position);
    if (!entry) throw new ClientError('not_found');
    if (entry.account !== this.account) throw new ClientError('forbidden');
  }

  /**
   * R7: what an invite leads to. Its newest header is checked by its author's signature and the invite it
   * names; the whole chain is verified once this account is inside and may read it.
   */
  async #invited(fragment: string) {
    const { room, secret } = parseInviteFragment(fragment);
    const { publicKey } = await inviteKey(secret);
    const path = PATHS.invite(toBase64Url(publicKey));
    const answer = await callOpen(this.#platform.transport, 'GET', path, HeadersSchema);
    const signed = fromBase64Url(answer.headers.at(-1)?.header ?? '');
    if (!signed) throw new ClientError('bad_answer');
    const header = await this.#checkInvited(signed, room, publicKey);
    const invite = header.header.invites.find((i) => equalBytes(i.key, publicKey)) as HeaderInvite;
    if (invite.expires < this.#core.calls.serverTime()) throw new ClientError('invite_expired');
    return { header, secret, profile: await openInviteProfile(invite, secret, room) };
  }

  async #checkInvited(signed: Bytes, room: RoomId, invite: Bytes): Promise<VerifiedHeader> {
    const claimed = claimedHeader(signed);
    const { account, device } = claimed.author;
    await this.#core.directory.fetchKeys(claimed.members.map((member) => member.account));
    const list = await this.#core.directory.lists.newest(account);
    const signing = list && signingKeyOf(list.list, device);
    if (!signing) throw new VerificationError('K3', 'unknown_device', 'the header’s author is not known');
    await openSigned('epochHeader', signed, signing, 'R1');
    if (claimed.room !== room || !claimed.invites.some((i) => equalBytes(i.key, invite))) {
      throw new VerificationError('R7', 'bad_invite', 'the invite leads elsewhere');
    }
    return { header: claimed, hash: await sha256(signed), signed, events: [] };
  }
}

function hitOf(room: RoomId, entry: EntryRow, words: readonly string[]): SearchHit[] {
  if (entry.what.type !== 'message' || entry.what.content.kind !== 'text') return [];
  const { body } = entry.what.content;
  const folded = body.toLocaleLowerCase();
  if (!words.every((word) => folded.includes(word))) return [];
  const { position, account, time } = entry;
  return [{ room, position, account, time, body }];
}
