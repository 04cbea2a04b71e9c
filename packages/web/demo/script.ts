import type { Delivery, FileItem, MessageItem, SystemEvent, TimelineItem } from '@sotto/client';
import type { RoomId } from '../src/app/types.ts';
import { account, message, room as roomId } from './ids.ts';

interface Saying {
  readonly react?: readonly (readonly [emoji: string, names: readonly string[]])[];
  readonly delivery?: Delivery;
  readonly reply?: number;
  readonly edited?: boolean;
  readonly deleted?: boolean;
  readonly mentionsSelf?: boolean;
  readonly blocked?: boolean;
  readonly unknownKind?: string;
  readonly files?: readonly FileItem[];
}

/** Writes a conversation line by line. */
export class Script {
  readonly items: TimelineItem[] = [];
  readonly room: RoomId;
  readonly peer: string | null;
  newest = 0;
  private readonly self: string;
  private time: number;

  constructor(self: string, room: RoomId, peer: string | null, start: number) {
    this.self = self;
    this.room = room ?? roomId('x');
    this.peer = peer;
    this.time = start;
  }

  pause(milliseconds: number): this {
    this.time += milliseconds;
    return this;
  }

  at(time: number): this {
    this.time = Math.max(this.time + 1_000, time);
    return this;
  }

  say(name: string, body: string, saying: Saying = {}): this {
    this.time += 40_000;
    const own = name === this.self;
    const waits = saying.delivery?.state === 'waiting' || saying.delivery?.state === 'failed';
    if (!waits) this.newest += 1;
    const index = this.items.length;
    const answered = this.items
      .filter((i): i is MessageItem => i.type === 'message')
      .at(-(saying.reply ?? 0));
    this.items.push({
      type: 'message',
      key: `${name}/${index}`,
      position: waits ? null : this.newest,
      id: message(index),
      account: account(name),
      device: message(name.length) as unknown as MessageItem['device'],
      time: this.time,
      own,
      body,
      blocked: saying.blocked ?? false,
      mentionsSelf: saying.mentionsSelf ?? false,
      reply:
        saying.reply !== undefined && answered?.position != null
          ? { position: answered.position, account: answered.account, body: answered.body }
          : null,
      reactions: (saying.react ?? []).map(([emoji, names]) => ({
        emoji,
        accounts: names.map(account),
        own: names.includes(this.self),
      })),
      delivery: own
        ? (saying.delivery ?? { state: 'read', by: this.peer ? [account(this.peer)] : [], of: 1 })
        : null,
      ...this.#lineOf(saying),
    });
    return this;
  }

  #lineOf({ deleted, unknownKind, files, edited }: Saying) {
    if (deleted) return { kind: 'deleted' } as const;
    if (unknownKind !== undefined) return { kind: 'unknown', name: unknownKind } as const;
    const changed = { edited: edited ? this.time + 60_000 : null };
    return files ? ({ kind: 'files', files, ...changed } as const) : ({ kind: 'text', ...changed } as const);
  }

  system(event: SystemEvent, by: string | null): this {
    this.time += 5_000;
    this.newest += 1;
    this.items.push({
      type: 'system',
      key: `system/${this.items.length}`,
      position: this.newest,
      time: this.time,
      account: by === null ? null : account(by),
      event,
    });
    return this;
  }

  unreadable(by: string, reason: 'before-joining' | 'requested', count: number): this {
    for (let index = 0; index < count; index += 1) {
      this.time += 30_000;
      this.newest += 1;
      this.items.push({
        type: 'unreadable',
        key: `sealed/${this.items.length}`,
        position: this.newest,
        time: this.time,
        account: account(by),
        epoch: 1,
        reason,
      });
    }
    return this;
  }
}
