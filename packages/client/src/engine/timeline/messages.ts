import { type Content, changeOf, mayChange, saidOf, showContent } from '@sotto/crypto';
import type { AccountId, DeviceId, MessageId } from '@sotto/protocol';
import type { Alarm, Delivery, MessageFacts, MessageItem, SystemEvent, TimelineItem } from '../../state.ts';
import type { Reader } from '../rooms/log/activity.ts';

/** A message as it came: from the log, or (without a position) from the outbox. */
interface Sent {
  readonly position: number | null;
  readonly time: number;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
}

/** Messages among the lines of a conversation, and what later ones make of earlier ones. */
export class Messages {
  readonly #items: TimelineItem[];
  readonly #reader: Reader;
  /** Of each position with a message: where among the lines it stands, and what no later one changes of it. */
  readonly #known = new Map<number, { readonly place: number; readonly facts: MessageFacts }>();
  readonly #replies: number[] = [];

  constructor(items: TimelineItem[], reader: Reader) {
    this.#items = items;
    this.#reader = reader;
  }

  add(sent: Sent, content: Content, delivery: Delivery | null): void {
    const line = showContent(content);
    if (!line) {
      this.#change(sent, content);
      return;
    }
    const { account: self, hears } = this.#reader;
    const own = sent.account === self;
    const blocked = !own && !hears(sent.account);
    const said = saidOf(content);
    const facts: MessageFacts = {
      type: 'message',
      key: `${sent.device}/${sent.id}`,
      position: sent.position,
      id: sent.id,
      account: sent.account,
      device: sent.device,
      time: sent.time,
      own,
      blocked,
      mentionsSelf: !blocked && (said?.mentions.includes(self) ?? false),
      reply: said?.reply === undefined ? null : this.#quote(said.reply, sent.account),
      delivery,
    };
    const place = this.#items.push({ ...facts, ...line }) - 1;
    if (sent.position !== null) this.#known.set(sent.position, { place, facts });
    if (facts.reply) this.#replies.push(place);
  }

  /** What was edited or deleted after it was quoted is so in the quote too; so is what is not to be heard. */
  end(): void {
    for (const place of this.#replies) {
      const item = this.#items[place];
      if (item?.type !== 'message' || !item.reply) continue;
      const quoted = this.#at(item.reply.position);
      if (!quoted) continue;
      const body = quoted.blocked ? '' : quoted.body;
      this.#items[place] = { ...item, reply: { ...item.reply, body } };
    }
  }

  #quote(position: number, author: AccountId): NonNullable<MessageItem['reply']> {
    return { position, account: this.#at(position)?.account ?? author, body: '' };
  }

  #change(sent: Sent, content: Content): void {
    const change = changeOf(content);
    if (!change) {
      this.#refuse(sent, 'malformed', `content of kind ${content.kind} does not belong into the log`);
      return;
    }
    const known = this.#known.get(change.target);
    const item = this.#at(change.target);
    if (!known || !item) return; // its target stands on a page that is not loaded
    const { account, time } = sent;
    if (!mayChange(change, item.account, account)) {
      this.#refuse(sent, 'wrong_sender', 'edits and deletions belong to the author'); // attack 30
      return;
    }
    if (change.by === 'anyone' && !this.#reader.hears(account)) return;
    const line = change.apply(item, { account, time, reader: this.#reader.account });
    this.#items[known.place] = { ...line, ...known.facts };
  }

  #at(position: number): MessageItem | undefined {
    const item = this.#items[this.#known.get(position)?.place ?? -1];
    return item?.type === 'message' ? item : undefined;
  }

  #refuse({ position, time, account }: Sent, code: Alarm['code'], detail: string): void {
    const alarm = { rule: 'M4', code, kind: 'bad-message' as const, account, detail, at: time };
    const event: SystemEvent = { type: 'refused-entry', alarm };
    this.#items.push({ type: 'system', key: `${position}/refused`, position, time, account, event });
  }
}
