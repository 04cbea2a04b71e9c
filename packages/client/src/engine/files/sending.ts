import { type Attachment, randomId, sealChunks, sealedSize } from '@sotto/crypto';
import {
  type AccountId,
  type FileId,
  idBytes,
  LIMITS,
  type MessageId,
  type RoomId,
  release,
  utf8,
} from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { NewFile } from '../../files.ts';
import { StorageError } from '../../seams/index.ts';
import { asTold } from '../../told.ts';
import type { OutgoingFile } from '../rows.ts';
import { cut, Lent } from './bytes.ts';
import type { FileCache } from './cache.ts';
import { plainSizes } from './chunk-sizes.ts';
import { type FileContext, lockOf } from './context.ts';
import { describe, type FilesContent, fitted } from './describe.ts';
import { Stopped } from './running.ts';
import type { Usage } from './usage.ts';

export interface NewMessage {
  readonly files: readonly NewFile[];
  readonly body?: string;
  readonly reply?: number;
  readonly mentions?: readonly AccountId[];
}

interface Parts {
  readonly usage: Usage;
  readonly cache: FileCache;
  /** A file is sealed and can go up. */
  onSealed(file: FileId): void;
}

const UNREAD = { reason: 'file_unread' } as const;

type Needs = Pick<
  FileContext,
  'background' | 'digests' | 'locks' | 'outbox' | 'rooms' | 'rows' | 'running' | 'sealed' | 'transfers'
>;

/** M6: seals files once, on this device, and puts their message into the outbox. */
export class Sending {
  readonly #files: Needs;
  readonly #parts: Parts;
  /** Messages whose sealing is watched here, by this tab's own work or for the day another tab ends. */
  readonly #watched = new Set<MessageId>();

  constructor(files: Needs, parts: Parts) {
    this.#files = files;
    this.#parts = parts;
  }

  async send(room: RoomId, message: NewMessage): Promise<MessageId> {
    const { files, body = '', reply, mentions } = message;
    const { locks, outbox } = this.#files;
    if (files.length === 0) throw new ClientError('usage', { reason: 'unsendable' });
    if (files.length > LIMITS.files || utf8(body).length > LIMITS.text) throw new ClientError('too_large');
    if (!this.#files.rooms.peek(room)) throw new ClientError('not_found');
    const attachments = files.map(describe);
    const content = fitted({ kind: 'files', files: attachments, body, reply, mentions });
    await this.#assertFits(attachments.map(({ size }) => sealedSize(size)));
    const id = randomId<MessageId>();
    this.#watched.add(id);
    // Held from before the message is there: whoever else gets it finds a sealing that ended (`watch`).
    return locks.exclusive(sealingLock(id), async () => {
      await outbox.add(room, content, { id, files: attachments.map((file) => outgoing(room, id, file)) });
      try {
        for (const [index, file] of files.entries()) {
          const attachment = content.files[index];
          if (attachment) await this.#seal({ room, id, attachment, file });
        }
      } catch (error) {
        if (error instanceof Stopped && error.why === 'given-up') return id;
        if (error instanceof Stopped) throw new ClientError('usage', UNREAD);
        const told = asClientError(error);
        await outbox.fail(room, id, { code: told.code, reason: told.reason }, true);
        throw told;
      } finally {
        for (const { file } of attachments) this.#files.transfers.mark(file, 'waiting');
      }
      return id;
    });
  }

  /** A sealing that nobody goes on with, because the program or the tab ended, cannot be completed. */
  watch(): void {
    for (const { room, id, failed } of this.#files.outbox.withFiles()) {
      if (failed || this.#watched.has(id)) continue;
      this.#watched.add(id);
      this.#files.background(this.#settle(room, id));
    }
  }

  async #settle(room: RoomId, id: MessageId): Promise<void> {
    const { locks, rows, outbox } = this.#files;
    await locks.exclusive(sealingLock(id), async () => {
      const unsealed = (await rows.all()).some(
        (row) => row.state === 'outgoing' && row.message === id && row.step === 'sealing',
      );
      if (unsealed) await outbox.fail(room, id, { code: 'usage', ...UNREAD }, true);
    });
  }

  /** What can be known before a byte is sealed. */
  async #assertFits(sizes: readonly number[]): Promise<void> {
    await this.#parts.usage.assertFits(sizes);
    await this.#parts.cache.makeRoom(sizes.reduce((sum, size) => sum + size, 0));
  }

  async #seal(job: { room: RoomId; id: MessageId; attachment: Attachment; file: NewFile }): Promise<void> {
    const { room, id, attachment } = job;
    const { locks, running, outbox, sealed } = this.#files;
    const { file } = attachment;
    const total = sealedSize(attachment.size);
    this.#files.transfers.set(file, { direction: 'up', state: 'sealing', done: 0, total });
    const known = await locks.exclusive(lockOf(file), () =>
      running.run(file, async (signal) => {
        if (!outbox.items(room).some((item) => item.id === id)) throw new Stopped('given-up');
        const hash = await this.#write(job, signal);
        if ((await sealed.size(file)) !== total)
          throw new StorageError('broken', 'The sealed copy of a file is not whole.');
        return outbox.advance(
          room,
          id,
          (item) => ({ ...item, content: withHash(item.content as FilesContent, file, hash) }),
          { file, change: (row) => (row?.state === 'outgoing' ? { ...row, step: 'sealed' } : undefined) },
        );
      }),
    );
    if (!known) throw new Stopped('given-up');
    this.#parts.onSealed(file);
  }

  /** @returns the hash for the message */
  async #write(
    { attachment, file: source }: { attachment: Attachment; file: NewFile },
    signal: AbortSignal,
  ): Promise<Attachment['hash']> {
    const { sealed, transfers, digests } = this.#files;
    const { file, key, name, type, size } = attachment;
    const total = sealedSize(size);
    await sealed.delete(file);
    const appender = await sealed.append(file);
    try {
      const lent = new Lent();
      const plain = lent.each(cut(bounded(source, signal), plainSizes()));
      const chunks = sealChunks({ key, file: idBytes(file), name, type }, plain, digests);
      let done = 0;
      for (;;) {
        const next = await chunks.next();
        if (next.done) {
          if (next.value.size !== size) throw changed();
          return next.value.hash;
        }
        await appender.write(next.value);
        done += next.value.length;
        release(next.value);
        lent.back();
        transfers.set(file, { direction: 'up', state: 'sealing', done, total });
      }
    } finally {
      await appender.close();
    }
  }
}

const sealingLock = (id: MessageId) => `sealing:${id}`;

const outgoing = (room: RoomId, message: MessageId, { file, size }: Attachment): OutgoingFile => ({
  state: 'outgoing',
  file,
  room,
  message,
  size: sealedSize(size),
  step: 'sealing',
  held: false,
});

const withHash = (content: FilesContent, file: FileId, hash: Attachment['hash']): FilesContent => ({
  ...content,
  files: content.files.map((one) => (one.file === file ? { ...one, hash } : one)),
});

/** The bytes of a source, which may end it early and may not go beyond what was said. */
async function* bounded(source: NewFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const part of source.open()) {
    signal.throwIfAborted();
    read += part.length;
    if (read > source.size) throw changed();
    yield part;
  }
  signal.throwIfAborted();
}

const changed = () => new ClientError('usage', { reason: 'file_changed' });

function asClientError(error: unknown): ClientError {
  const told = asTold(error);
  return told instanceof ClientError ? told : new ClientError('usage', { ...UNREAD, cause: error });
}
