import { createInvite, inviteFragment } from '@sotto/crypto';
import type { AccountId, Role, RoomId, RoomPolicy } from '@sotto/protocol';
import type { Chosen, InvitePreview } from '../../api.ts';
import { ClientError } from '../../error.ts';
import { acceptRequest, declineRequest } from '../consent/answers.ts';
import type { EngineCore } from '../core.ts';
import { joinByInvite, readInvite } from '../rooms/membership/invites.ts';
import { leaveRoom } from '../rooms/membership/leave.ts';
import { checkProfile } from '../rooms/membership/profile.ts';

/** Conversations and groups: who is in them, what they are called, and how one comes in. */
export class RoomCommands {
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  /**
   * Opens, or makes, the one conversation with this person; where they asked for it, this accepts.
   * @throws ClientError 'name_differs', 'usage' where they are blocked
   */
  async openDirect(person: Chosen): Promise<RoomId> {
    const { consent, epochs } = this.#core;
    const account = typeof person === 'string' ? person : person.account;
    if (!consent.hears(account)) throw new ClientError('usage', { reason: 'blocked' });
    const room = await epochs.openDirect(person);
    await consent.enter(room);
    return room;
  }

  /**
   * Attack 48: answers a request. `header` is the one that was shown; where it is another by now, nothing is done.
   * @throws ClientError 'not_current'
   */
  acceptRequest(room: RoomId, header: string): Promise<void> {
    return acceptRequest(this.#core, room, header);
  }

  declineRequest(room: RoomId, answer: { header: string; block: boolean }): Promise<void> {
    return declineRequest(this.#core, room, answer);
  }

  /** @throws ClientError 'name_differs' */
  async createGroup(group: { name: string; topic?: string; members: readonly Chosen[] }): Promise<RoomId> {
    return this.#core.epochs.createGroup(checkProfile(group.name, group.topic ?? ''), group.members);
  }

  async rename(room: RoomId, profile: { name: string; topic?: string }): Promise<void> {
    const { topic } = this.#core.rows.known(room).profile;
    return this.#core.epochs.change(room, { profile: checkProfile(profile.name, profile.topic ?? topic) });
  }

  setPolicy(room: RoomId, policy: RoomPolicy): Promise<void> {
    return this.#core.epochs.change(room, { policy });
  }

  /** @throws ClientError 'name_differs' */
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

  /** Makes a new epoch now. */
  rekey(room: RoomId): Promise<void> {
    return this.#core.epochs.change(room, {});
  }

  /** R7: a link that lets its holder in; `expires` in milliseconds since 1970 by this device's clock. */
  async createInvite(room: RoomId, expires: number): Promise<string> {
    const { profile } = this.#core.rows.known(room);
    const over = this.#core.calls.serverTime(expires);
    const { secret, invite } = await createInvite({ room, profile, expires: over });
    await this.#core.epochs.change(room, { addInvite: invite });
    return inviteFragment(room, secret);
  }

  revokeInvites(room: RoomId): Promise<void> {
    return this.#core.epochs.change(room, { revokeInvites: true });
  }

  /** What an invite link's fragment leads to. @throws ClientError 'invite_expired', 'not_found', … */
  async previewInvite(fragment: string): Promise<InvitePreview> {
    const { directory } = this.#core;
    const { header, profile, current } = await readInvite(
      this.#core,
      this.#core.platform.transport,
      fragment,
    );
    const { room, members } = header.header;
    const people = members.map(({ account }) => ({ account, name: directory.nameOf(account) }));
    return { room, name: profile.name, current, members: people, header: header.signed };
  }

  /**
   * Comes in where that is still the group that was shown: what happened since follows from it by the group's own rules, and
   * nobody who was shown is gone. @throws ClientError 'not_current' where it is not, …
   */
  join(fragment: string, { header }: Pick<InvitePreview, 'header'>): Promise<RoomId> {
    return joinByInvite(this.#core, this.#core.platform.transport, fragment, header);
  }

  async setMuted(room: RoomId, muted: boolean): Promise<void> {
    await this.#core.rows.update(room, (row) => ({ ...row, muted }));
    this.#core.announce({ type: 'room', room });
  }
}
