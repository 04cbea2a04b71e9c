import { chainNext, FileHash, sha256 } from '@sotto/crypto';
import {
  type BackupAccount,
  type BackupEntries,
  type BackupFile,
  type BackupPerson,
  type BackupRoom,
  type Bytes,
  equalBytes,
  type FileId,
  MalformedError,
  type PlacedRecord,
  type RoomId,
} from '@sotto/protocol';
import type { LeftOutFile } from '../../../backup.ts';
import { leftOutOf } from './left-out.ts';
import type { BackedUpFile, BackedUpRoom, PieceSpan, Span, Stretch } from './spans.ts';

interface RoomUnderWay extends BackupRoom {
  readonly stretches: Stretch[];
}

interface FileUnderWay extends BackupFile {
  readonly pieces: PieceSpan[];
}

/** Gathers what a backup says, record by record: where entries and pieces stand, not what is in them. */
export class Contents {
  account: BackupAccount | undefined;
  readonly people: BackupPerson[] = [];
  readonly absent: LeftOutFile[] = [];
  readonly #rooms = new Map<RoomId, RoomUnderWay>();
  readonly #files = new Map<FileId, BackedUpFile>();
  #log: { readonly room: RoomUnderWay; next: number; chain: Bytes } | null = null;
  #file: { readonly file: FileUnderWay; hash: FileHash; bytes: number } | null = null;

  get rooms(): BackedUpRoom[] {
    return [...this.#rooms.values()];
  }

  get files(): BackedUpFile[] {
    return [...this.#files.values()];
  }

  /** @throws MalformedError where the record does not belong there */
  async add({ record, from, to }: PlacedRecord): Promise<void> {
    if (record.t === 'piece') return this.#addPiece(record.bytes, { from, to });
    if (record.t === 'absent') {
      if (this.#file?.file.file === record.file) this.#file = null; // it broke off half-way
      this.#settleFile();
      this.absent.push(leftOutOf(record));
      return;
    }
    this.#settleFile();
    switch (record.t) {
      case 'account':
        this.account = record;
        return;
      case 'person':
        this.people.push(record);
        return;
      case 'room': {
        const room = { ...record, stretches: [] };
        this.#rooms.set(record.room, room);
        this.#log = { room, next: record.base, chain: record.chain };
        return;
      }
      case 'entries':
        return this.#addEntries(record, { from, to });
      case 'file':
        this.#file = { file: { ...record, pieces: [] }, hash: new FileHash(), bytes: 0 };
    }
  }

  /** Nothing more comes. @throws MalformedError where something is missing */
  end(): void {
    this.#settleFile();
    if (!this.account) throw new MalformedError('backup: it names no account');
  }

  async #addEntries({ room, after, entries }: BackupEntries, span: Span): Promise<void> {
    const log = this.#log;
    if (log?.room.room !== room || log.next !== after) throw new MalformedError('backup: a log has a hole');
    log.room.stretches.push({ ...span, after, count: entries.length, chain: log.chain });
    for (const [index, entry] of entries.entries()) {
      log.chain = await chainNext(log.chain, { ...entry, position: after + index + 1 });
    }
    log.next += entries.length;
  }

  async #addPiece(bytes: Bytes, span: Span): Promise<void> {
    if (!this.#file) throw new MalformedError('backup: a piece of no file');
    const { pieces } = this.#file.file;
    const whole = pieces[0]?.length ?? bytes.length;
    if (bytes.length > whole || (pieces.at(-1)?.length ?? whole) !== whole) {
      throw new MalformedError('backup: the pieces of a file are of other lengths');
    }
    pieces.push({ ...span, length: bytes.length });
    this.#file.bytes += bytes.length;
    this.#file.hash.add(await sha256(bytes));
  }

  /** M6: all of its pieces came, in their order. */
  #settleFile(): void {
    if (!this.#file) return;
    const { file, hash, bytes } = this.#file;
    if (bytes !== file.size || !equalBytes(hash.value(), file.hash)) {
      throw new MalformedError(`backup: ${file.name} is not whole`);
    }
    this.#files.set(file.file, file);
    this.#file = null;
  }
}
