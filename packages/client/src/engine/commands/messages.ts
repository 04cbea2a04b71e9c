import { deletedBy, randomId, takesBody } from '@sotto/crypto';
import { type AccountId, LIMITS, type MessageId, type RoomId, utf8 } from '@sotto/protocol';
import type { SearchHit } from '../../api.ts';
import { ClientError } from '../../error.ts';
import type { Draft } from '../../state.ts';
import type { EngineCore } from '../core.ts';
import { readTo } from '../rooms/log/read.ts';
import type { EntryRow } from '../rows.ts';
import { search } from '../timeline/search.ts';

/** What is said in a room. Sending resolves once the message rests in the durable outbox (E3). */
export class MessageCommands {
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  /** @throws ClientError 'too_large', 'not_found' */
  async send(
    room: RoomId,
    text: { body: string; reply?: number; mentions?: readonly AccountId[] },
  ): Promise<MessageId> {
    const { body, reply, mentions } = text;
    checkLength(body);
    this.#core.rows.known(room);
    return this.#core.outbox.add(room, { kind: 'text', body, reply, mentions });
  }

  /** A caption may be emptied, a text may not. @throws ClientError 'usage', 'too_large', 'forbidden', 'not_found', 'deleted' */
  async edit(room: RoomId, position: number, body: string): Promise<void> {
    checkLength(body);
    const { what } = await this.#own(room, position);
    if (what.type !== 'message' || !takesBody(what.content, body)) {
      throw new ClientError('usage', { reason: 'not_editable' });
    }
    await this.#core.outbox.add(room, { kind: 'edit', target: position, body });
  }

  /** Deletes it for everybody. @throws ClientError 'forbidden', 'not_found', 'deleted' */
  async remove(room: RoomId, position: number): Promise<void> {
    const entry = await this.#own(room, position);
    const id = randomId<MessageId>();
    const files = this.#core.files.doomed(room, entry, id);
    await this.#core.outbox.add(room, { kind: 'delete', target: position }, { id, files });
  }

  async react(room: RoomId, position: number, emoji: string, on: boolean): Promise<void> {
    await this.#core.outbox.add(room, { kind: 'reaction', target: position, emoji, on });
  }

  /** Tries a failed message again. */
  retry(room: RoomId, id: MessageId): Promise<void> {
    return this.#core.outbox.retry(room, id);
  }

  /** Gives a failed message up. */
  discard(room: RoomId, id: MessageId): Promise<void> {
    return this.#core.outbox.discard(room, id);
  }

  /** Tells the others; goes out at most every few seconds and lapses by itself. */
  setTyping(room: RoomId, typing: boolean): void {
    this.#core.background(this.#core.receipts.sendTyping(room, typing));
  }

  /** Everything up to `position` was on the user's screen. */
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

  /** Messages on this device whose text has all words, newest first. */
  search(query: string, limit = 50): Promise<readonly SearchHit[]> {
    return search(this.#core, query, limit);
  }

  /** Attack 30: only one's own messages are edited and deleted; the others would refuse it anyway. */
  async #own(room: RoomId, position: number): Promise<EntryRow> {
    const waits = this.#core.outbox.items(room).some(({ content }) => deletedBy(content) === position);
    if (waits) throw new ClientError('deleted'); // before the log is asked: what waits here may be there by then
    const [entry, ...later] = await this.#core.rows.entries(room, { from: position });
    if (entry?.position !== position) throw new ClientError('not_found');
    if (entry.account !== this.#core.keys.self.account) throw new ClientError('forbidden');
    if (later.some((each) => deletes(each, entry))) throw new ClientError('deleted');
    return entry;
  }
}

function checkLength(body: string): void {
  if (utf8(body).length <= LIMITS.text) return;
  throw new ClientError('too_large', { reason: 'text_too_long', limit: LIMITS.text });
}

const deletes = ({ account, what }: EntryRow, { position, account: author }: EntryRow): boolean =>
  what.type === 'message' && deletedBy(what.content) === position && account === author;
