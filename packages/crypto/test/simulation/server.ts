import {
  type AccountId,
  type AddressedWrap,
  type Bytes,
  type Ciphertext,
  type DeviceId,
  type EntryKind,
  headerEntryId,
  type LogEntry,
  type MessageId,
  toBase64Url,
} from '@sotto/protocol';
import type { VerifiedHeader } from '../../src/index.ts';
import { NOW } from '../support/person.ts';

type Author = { readonly account: AccountId; readonly device: DeviceId };

/** What the simulation knows of a placed header: nothing here reaches a client but by the log. */
export interface PlacedHeader {
  readonly header: VerifiedHeader;
  readonly position: number;
  readonly author: Author;
  readonly recipients: ReadonlySet<DeviceId>;
}

/** An honest log of one room in memory [D1], with compare-and-set on epochs [R4] and refusal of stale ones [R5]. */
export class HonestServer {
  readonly entries: LogEntry[] = [];
  readonly headers: PlacedHeader[] = [];
  readonly lists = new Map<AccountId, Bytes[]>();
  readonly exchangeKeys = new Map<DeviceId, Bytes>();
  readonly #wraps = new Map<string, Ciphertext>();

  get epoch(): number {
    return this.headers.length;
  }

  /** @returns false where another header came first */
  commit(header: VerifiedHeader, wraps: readonly AddressedWrap[], lost: ReadonlySet<DeviceId>): boolean {
    if (header.header.epoch !== this.epoch + 1) return false;
    const { author } = header.header;
    const position = this.append('epoch', author, header.signed, headerEntryId(header.hash));
    const recipients = new Set(wraps.map((w) => w.device));
    this.headers.push({ header, position, author, recipients });
    for (const wrap of wraps) {
      if (!lost.has(wrap.device)) this.#wraps.set(`${wrap.device} ${header.header.epoch}`, wrap.body);
    }
    return true;
  }

  /** @returns false where the room moved on */
  send(author: Author, epoch: number, id: MessageId, signed: Bytes): boolean {
    if (epoch !== this.epoch) return false;
    this.append('message', author, signed, id);
    return true;
  }

  /** @returns false where the room moved on */
  leave(author: Author, epoch: number, id: MessageId, signed: Bytes): boolean {
    if (epoch !== this.epoch) return false;
    this.append('leave', author, signed, id);
    return true;
  }

  wrapFor(device: DeviceId, epoch: number): Ciphertext | undefined {
    return this.#wraps.get(`${device} ${epoch}`);
  }

  postWrap(wrap: AddressedWrap, epoch: number): void {
    this.#wraps.set(`${wrap.device} ${epoch}`, wrap.body);
  }

  private append(kind: EntryKind, author: Author, body: Bytes, id: MessageId): number {
    const position = this.entries.length + 1;
    const { account, device } = author;
    const time = NOW + position;
    this.entries.push({
      position,
      time,
      kind,
      account,
      device,
      id,
      body: toBase64Url(body) as Ciphertext,
    });
    return position;
  }
}
