import { type Content, randomId } from '@sotto/crypto';
import type { MessageId, RoomId } from '@sotto/protocol';
import type { Transaction } from '../../../seams/index.ts';
import type { FileRow, OutboxRow } from '../../rows.ts';
import type { RoomContext } from '../context.ts';

type Needs = Pick<RoomContext, 'bus' | 'clock' | 'storage' | 'tabs'>;

/** E3: what waits to be sent, as it rests on this device: every change is durable before it shows. */
export class OutboxRows {
  readonly #context: Needs;
  readonly #items = new Map<RoomId, readonly OutboxRow[]>();

  constructor(context: Needs) {
    this.#context = context;
  }

  async load(): Promise<void> {
    const rows = await this.#context.storage.transaction(['outbox'], 'read', (tx) =>
      tx.range<OutboxRow>('outbox', { prefix: [] }),
    );
    this.#items.clear();
    for (const row of rows) this.#items.set(row.room, [...this.of(row.room), row]);
  }

  /** What waits in a room, in order. */
  of(room: RoomId): readonly OutboxRow[] {
    return this.#items.get(room) ?? [];
  }

  all(): readonly OutboxRow[] {
    return [...this.#items.values()].flat();
  }

  /** @param files rows that come to stand with the message, all or nothing; it waits for those that go out with it (M6) */
  async add(
    room: RoomId,
    content: Content,
    { id = randomId<MessageId>(), files = [] }: { id?: MessageId; files?: readonly FileRow[] } = {},
  ): Promise<MessageId> {
    const at = this.#context.clock.now();
    const outgoing = files.flatMap(({ state, file }) => (state === 'outgoing' ? [file] : []));
    const waits = outgoing.length > 0 ? { waits: outgoing } : {};
    await this.#context.storage.transaction(['outbox', 'files'], 'write', async (tx) => {
      const [last] = await tx.range<OutboxRow>('outbox', { prefix: [room], order: 'descending', limit: 1 });
      const sequence = (last?.sequence ?? 0) + 1;
      const row = { room, sequence, id, content, at, failed: null, ...waits };
      await tx.put<OutboxRow>('outbox', [room, sequence], row);
      for (const file of files) await tx.put<FileRow>('files', [file.file], file);
    });
    await this.#changed(room);
    return id;
  }

  /**
   * @param change null takes the item out
   * @param more written with it, where the item is still there
   */
  async edit(
    room: RoomId,
    id: MessageId,
    change: (item: OutboxRow) => OutboxRow | null,
    more?: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    await this.#context.storage.transaction(['outbox', 'files'], 'write', async (tx) => {
      const item = (await tx.range<OutboxRow>('outbox', { prefix: [room] })).find((row) => row.id === id);
      if (!item) return;
      const next = change(item);
      if (next) await tx.put('outbox', [room, item.sequence], next);
      else await tx.delete('outbox', [room, item.sequence]);
      await more?.(tx);
    });
    await this.#changed(room);
  }

  /** Reads a room's items again: the log or another tab changed them. */
  async reload(room: RoomId): Promise<void> {
    const rows = await this.#context.storage.transaction(['outbox'], 'read', (tx) =>
      tx.range<OutboxRow>('outbox', { prefix: [room] }),
    );
    this.#items.set(room, rows);
    this.#context.bus.emit({ type: 'room-changed', room });
    this.#context.bus.emit({ type: 'outbox-changed', room });
  }

  async #changed(room: RoomId): Promise<void> {
    await this.reload(room);
    this.#context.tabs.announce({ type: 'outbox', room });
  }
}
