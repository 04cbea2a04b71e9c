import {
  chainGenesis,
  createEpoch,
  directRoomId,
  groupRoomId,
  needsNewEpoch,
  newProfile,
  type RoomProfile,
  type VerifiedExchangeKey,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  CommittedSchema,
  type HeaderInvite,
  type HeaderMember,
  isOpen,
  LIMITS,
  PATHS,
  type Role,
  type RoomId,
  type RoomPolicy,
  roomKind,
  toBase64Url,
} from '@sotto/protocol';
import pMap from 'p-map';
import type { Chosen } from '../../../api.ts';
import { ClientError } from '../../../error.ts';
import type { RoomWork } from '../../../state.ts';
import { ROOMS_AT_ONCE } from '../../at-once.ts';
import { Refused } from '../../calls.ts';
import type { RoomRow } from '../../rows.ts';
import type { RoomContext } from '../context.ts';
import type { EpochSecrets } from '../keys/secrets.ts';
import type { RoomSync } from '../log/sync.ts';
import type { RoomRows } from '../room-rows.ts';
import { gatherMembers, mayVouch, startedOver, type WantedMember, wantedFrom, withAdmin } from './gather.ts';
import { knownProfile } from './profile.ts';
import { halted, keepRemoving, pendingRemovals, RETRY } from './removal.ts';

/** What a user wants of the next epoch; nothing of it: fresh keys only. */
export interface EpochChange {
  readonly add?: readonly Chosen[];
  readonly remove?: readonly AccountId[];
  readonly roles?: readonly { readonly account: AccountId; readonly role: Role }[];
  readonly profile?: { readonly name: string; readonly topic: string };
  readonly policy?: RoomPolicy;
  readonly addInvite?: HeaderInvite;
  readonly revokeInvites?: boolean;
}

const ATTEMPTS = 12;

interface Needs
  extends Pick<RoomContext, 'bus' | 'calls' | 'clock' | 'consent' | 'directory' | 'keys' | 'locks'> {
  readonly rows: RoomRows;
  readonly sync: RoomSync;
  readonly secrets: EpochSecrets;
}

/** R1, R4: makes epochs: new rooms, changes of membership, fresh keys. One tab at a time per room. */
export class Epochs {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** The one conversation with a person; where both open it at once, the first header wins. */
  async openDirect(chosen: Chosen): Promise<RoomId> {
    const self = this.#needs.keys.self.account;
    const { account: peer, shown } = wantedFrom(chosen);
    const room = await directRoomId(self, peer);
    if (this.#needs.rows.peek(room)) return room;
    const members = [{ account: self }, { account: peer, shown }].map((who) => ({
      ...who,
      role: 'admin' as const,
    }));
    await this.#found(room, members, null);
    if (!this.#needs.rows.peek(room)) {
      // K4: it is there, and knows this account under the identity it had before it started over.
      throw new ClientError('forbidden', { reason: 'not_accepted' });
    }
    return room;
  }

  async createGroup(called: { name: string; topic: string }, others: readonly Chosen[]): Promise<RoomId> {
    const self = this.#needs.keys.self.account;
    const profile = newProfile(called);
    const room = await groupRoomId(self, profile);
    const members = [
      { account: self, role: 'admin' as const },
      ...others
        .map(wantedFrom)
        .filter(({ account }) => account !== self)
        .map((who) => ({ ...who, role: 'member' as const })),
    ];
    if (members.length > LIMITS.members) throw tooMany();
    await this.#found(room, members, profile);
    return room;
  }

  /** R4: true where any member should make a new epoch now; of a room that was not accepted others see to it (attack 48). */
  due(row: RoomRow): boolean {
    if (this.#needs.consent.ofRow(row) !== 'open') return false;
    if (row.standing !== 'member' || halted(row)) return false;
    if (pendingRemovals(row).length > 0 || row.unsaid) return true;
    if (needsNewEpoch(row.state, this.#needs.calls.serverTime())) return true;
    const header = row.state.header?.header;
    if (!header || !this.mayCarryOver(row)) return false;
    const { lists } = this.#needs.directory;
    return header.members.some((member) => (lists.peek(member.account)?.list.version ?? 0) > member.list);
  }

  /** K4: false where somebody started over with another identity and only another member may let them in. */
  mayCarryOver(row: RoomRow): boolean {
    const header = row.state.header?.header;
    if (!header) return false;
    const anew = startedOver(this.#needs.directory, header.members);
    return anew.size === 0 || mayVouch(header, this.#needs.keys.self.account, anew);
  }

  /** Fresh keys where they are (still) due. */
  async renew(room: RoomId): Promise<void> {
    const row = this.#needs.rows.peek(room);
    if (row && this.due(row)) await this.change(room, {}, true);
  }

  /** Fresh keys in every room where they are due. @throws the first reason of those that got none; the others have theirs */
  async renewAll(): Promise<void> {
    const reasons: unknown[] = [];
    const renew = ({ room }: RoomRow) => this.renew(room).catch((reason: unknown) => reasons.push(reason));
    await pMap(this.#needs.rows.all(), renew, ROOMS_AT_ONCE);
    if (reasons.length > 0) throw reasons[0];
  }

  /**
   * Makes the next epoch with a change; rebases and tries again where another came first.
   * @throws ClientError with the reason it cannot be
   */
  async change(room: RoomId, change: EpochChange, onlyIfDue = false): Promise<void> {
    const committed = await this.#needs.locks.exclusive(`epoch:${room}`, async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          await this.#needs.sync.sync(room);
          const row = this.#needs.rows.peek(room);
          if (!row) throw new ClientError('not_found');
          if (onlyIfDue && !this.due(row)) return 0;
          if (row.standing !== 'member') throw new ClientError('not_member');
          const { alarm } = row;
          if (alarm && halted(row))
            throw new ClientError('verification', { message: alarm.detail, rule: alarm.rule });
          const remove = [...new Set([...(change.remove ?? []), ...pendingRemovals(row)])];
          const made = await keepRemoving({ rows: this.#needs.rows, room, remove }, () =>
            this.#successor(row, { ...change, remove }),
          );
          // Who just left goes with this header and comes back with the next.
          const added = new Set(change.add?.map((chosen) => wantedFrom(chosen).account));
          const returning = row.state.departed.some((gone) => added.has(gone.account));
          if (!returning || attempt >= ATTEMPTS) return made;
          await this.#needs.sync.reach(room, made);
        } catch (error) {
          if (!(error instanceof ClientError) || !RETRY.includes(error.code) || attempt >= ATTEMPTS)
            throw error;
          await this.#pause(50 + this.#needs.clock.jitter() * 150 * attempt);
        } finally {
          this.#work(room, null);
        }
      }
    });
    if (committed === 0) return;
    await this.#needs.sync.reach(room, committed);
    const row = this.#needs.rows.peek(room);
    if (row?.unconfirmed) {
      // Attack 11: said to be done, yet not shown.
      await this.#needs.sync.sync(room);
      const alarm = this.#needs.rows.peek(room)?.alarm;
      if (alarm) throw new ClientError('verification', { message: alarm.detail, rule: alarm.rule });
    }
  }

  /** R7: arrives by an invite: adds only this account, under a header seen but not yet followed. */
  async join(previous: VerifiedHeader, inviteSecret: Bytes, profile: RoomProfile): Promise<void> {
    const { header } = previous;
    const self = this.#needs.keys.self.account;
    const { members, recipients } = await this.#gather(
      header.room,
      [...header.members, { account: self, role: 'member' as const }],
      header.members,
    );
    await this.#commit(
      {
        room: header.room,
        members,
        policy: header.policy,
        invites: header.invites,
        leaves: [],
        seen: header.seen,
        profile,
        inviteSecret,
      },
      { previous, recipients, departed: new Set() },
    );
    await this.#needs.sync.sync(header.room, true);
  }

  async #found(room: RoomId, wanted: readonly WantedMember[], profile: RoomProfile | null): Promise<void> {
    await this.#needs.locks.exclusive(`epoch:${room}`, async () => {
      try {
        const { members, recipients } = await this.#gather(room, wanted, []);
        await this.#commit(
          {
            room,
            members,
            policy: {
              add: roomKind(room) === 'direct' ? 'admin' : 'member',
              history: 'joined',
              profile: 'admin',
            },
            invites: [],
            leaves: [],
            seen: { position: 0, chain: await chainGenesis(room) },
            profile,
          },
          { previous: null, recipients, departed: new Set() },
        );
      } catch (error) {
        // The other side opened the same direct conversation first: theirs it is.
        if (!(error instanceof ClientError) || error.code !== 'epoch_conflict') throw error;
      } finally {
        this.#work(room, null);
      }
    });
    await this.#needs.sync.sync(room);
  }

  async #successor(row: RoomRow, change: EpochChange): Promise<number> {
    const previous = row.state.header;
    if (!previous) throw new ClientError('not_found');
    const { header } = previous;
    const departed = new Set(row.state.departed.map((d) => d.account));
    const out = new Set([...departed, ...(change.remove ?? [])]);
    const roles = new Map(change.roles?.map(({ account, role }) => [account, role]));
    const anew = startedOver(this.#needs.directory, header.members);
    const self = this.#needs.keys.self.account;
    const leads = header.members.some((member) => member.account === self && member.role === 'admin');
    const kept = header.members
      .filter((member) => !out.has(member.account))
      .map((member) => {
        // K4: who is not an admin brings somebody with another identity back as an ordinary member only.
        const role = anew.has(member.account) && !leads ? 'member' : member.role;
        return { account: member.account, role: roles.get(member.account) ?? role };
      });
    const present = new Set(kept.map((member) => member.account));
    const added = (change.add ?? [])
      .map(wantedFrom)
      .filter(({ account }) => !present.has(account) && !departed.has(account))
      .map((who) => ({ ...who, role: 'member' as const }));
    const wanted = withAdmin([...kept, ...added], anew);
    if (wanted.length > LIMITS.members) throw tooMany();
    const mayRename = leads || header.policy.profile === 'member';
    if (change.profile && !mayRename) throw new ClientError('forbidden');
    const profile = change.profile
      ? newProfile(change.profile)
      : await knownProfile(this.#needs.secrets, row);
    const { members, recipients } = await this.#gather(header.room, wanted, header.members);
    // R7, attack 45: a removal ends what the removed may know; also of who left in the meantime.
    const ends = change.revokeInvites || (change.remove ?? []).length > 0;
    const standing = ends
      ? []
      : header.invites.filter((invite) => isOpen(invite, this.#needs.calls.serverTime()));
    const invites = [...standing, ...(change.addInvite ? [change.addInvite] : [])];
    const mayInvite = this.#mayInvite(row);
    if (change.addInvite && !mayInvite) throw new ClientError('forbidden');
    if (invites.length > LIMITS.invites) throw tooManyInvites();
    return this.#commit(
      {
        room: header.room,
        members,
        policy: change.policy ?? header.policy,
        invites: mayInvite ? invites : header.invites,
        leaves: row.state.departed.map((d) => d.signed),
        seen: { position: row.state.position, chain: row.state.chain },
        profile: roomKind(row.room) === 'direct' ? null : profile,
        renames: change.profile !== undefined,
      },
      { previous, recipients, departed },
    );
  }

  #mayInvite(row: RoomRow): boolean {
    const header = row.state.header?.header;
    const self = header?.members.find((m) => m.account === this.#needs.keys.self.account);
    return self?.role === 'admin' || header?.policy.add === 'member';
  }

  #gather(room: RoomId, wanted: readonly WantedMember[], before: readonly HeaderMember[]) {
    this.#work(room, { kind: 'rekey', done: 0, total: wanted.length });
    return gatherMembers(this.#needs.directory, wanted, before);
  }

  async #commit(
    draft: Omit<Parameters<typeof createEpoch>[0], 'author' | 'at'>,
    basis: {
      previous: VerifiedHeader | null;
      recipients: readonly VerifiedExchangeKey[];
      departed: ReadonlySet<AccountId>;
    },
  ): Promise<number> {
    const { keys, directory, calls } = this.#needs;
    const { previous, recipients, departed } = basis;
    const author = { account: keys.self.account, device: keys.self.device };
    const previousSecret = (previous && (await this.#needs.secrets.get(previous))) ?? null;
    const post = async (at: number) => {
      const made = await createEpoch(
        { ...draft, author, at },
        {
          previous,
          previousSecret,
          signing: keys.signing,
          recipients,
          lists: directory.lists.lookup,
          departed,
          onProgress: (done, total) => this.#work(draft.room, { kind: 'rekey', done, total }),
        },
      );
      this.#needs.secrets.propose(made.header, made.secret);
      const body = { header: toBase64Url(made.header.signed), wraps: made.wraps };
      return { ...made, ...(await calls.post(PATHS.epochs(draft.room), body, CommittedSchema)) };
    };
    const { header, position } = await post(calls.serverTime()).catch((error: unknown) => {
      // The clock here, or that of the server, was set: the log's own time is the one that counts.
      const { code, time } = error instanceof Refused ? error.refusal : {};
      if (code !== 'misdated' || time === undefined) throw error;
      return post(time);
    });
    await this.#needs.rows.update(draft.room, (row) =>
      (row.state.header?.header.epoch ?? 0) >= header.header.epoch
        ? row
        : { ...row, unconfirmed: header.header.epoch },
    );
    return position;
  }

  #work(room: RoomId, work: RoomWork | null): void {
    this.#needs.bus.emit({ type: 'work', room, work });
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#needs.clock.after(milliseconds, resolve));
  }
}

const tooManyInvites = () => new ClientError('limit', { reason: 'too_many_invites', limit: LIMITS.invites });

const tooMany = () => new ClientError('limit', { reason: 'too_many_members', limit: LIMITS.members });
