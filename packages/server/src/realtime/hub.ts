import type { AccountId, RoomId } from '@sotto/protocol';
import { type AccountEvent, accountTopic, type Bus, type RoomEvent, roomTopic } from '../bus/bus.ts';
import type { Connection } from './connection.ts';
import { type HeardReceipt, ReceiptNews } from './receipt-news.ts';
import { encodeFrame } from './writer.ts';

interface Audience {
  readonly connections: Set<Connection>;
  readonly stop: () => void;
}

/** Joins this process's connections to the bus: each topic is heard once, whatever number listens. */
export class Hub {
  readonly #bus: Bus;
  readonly #onDelivered: (entries: number) => void;
  readonly #accounts = new Map<AccountId, Audience>();
  readonly #rooms = new Map<RoomId, Audience>();
  readonly #everyone = new Set<Connection>();
  readonly #stopEveryone: () => void;
  readonly #receipts = new ReceiptNews((room, heard) =>
    spreadReceipts(this.#rooms.get(room)?.connections ?? new Set(), room, heard),
  );

  /** `onDelivered` hears how many entries went to connections. */
  constructor(bus: Bus, onDelivered: (entries: number) => void = () => undefined) {
    this.#bus = bus;
    this.#onDelivered = onDelivered;
    this.#stopEveryone = bus.subscribe('everyone', ({ frame }) => spread(this.#everyone, encodeFrame(frame)));
  }

  /** The connection hears what concerns its account. */
  add(connection: Connection, account: AccountId): void {
    if (connection.gone) return;
    this.#everyone.add(connection);
    const audience = this.#accounts.get(account) ?? {
      connections: new Set(),
      stop: this.#bus.subscribe(accountTopic(account), (event) => this.#onAccount(account, event)),
    };
    this.#accounts.set(account, audience);
    audience.connections.add(connection);
  }

  join(connection: Connection, room: RoomId): void {
    if (connection.gone) return;
    const audience = this.#rooms.get(room) ?? {
      connections: new Set(),
      stop: this.#bus.subscribe(roomTopic(room), (event) => this.#onRoom(room, event)),
    };
    this.#rooms.set(room, audience);
    audience.connections.add(connection);
    connection.rooms.add(room);
  }

  leave(connection: Connection, room: RoomId): void {
    connection.rooms.delete(room);
    drop(this.#rooms, room, connection);
  }

  remove(connection: Connection): void {
    this.#everyone.delete(connection);
    for (const room of [...connection.rooms]) this.leave(connection, room);
    if (connection.device) drop(this.#accounts, connection.device.account, connection);
  }

  close(): void {
    this.#stopEveryone();
    this.#receipts.close();
    for (const { stop } of [...this.#accounts.values(), ...this.#rooms.values()]) stop();
  }

  #onAccount(account: AccountId, event: AccountEvent): void {
    const connections = this.#accounts.get(account)?.connections ?? new Set();
    switch (event.type) {
      case 'frame':
        spread(
          [...connections].filter(({ device }) => !event.from || device?.device !== event.from),
          encodeFrame(event.frame),
        );
        return;
      case 'device': {
        const frame = encodeFrame(event.frame);
        for (const connection of connections) {
          if (connection.device?.device === event.device) connection.sendEncoded(frame);
        }
        return;
      }
      case 'room':
        for (const connection of connections) {
          if (event.head.until === null) this.join(connection, event.head.room);
          else this.leave(connection, event.head.room);
        }
        spread(connections, encodeFrame({ t: 'room', room: event.head }));
        return;
      case 'devices':
        for (const connection of [...connections]) {
          if (connection.device && !event.kept.includes(connection.device.device)) {
            connection.removed(event.list); // attack 34
          }
        }
    }
  }

  #onRoom(room: RoomId, event: RoomEvent): void {
    const connections = this.#rooms.get(room)?.connections ?? new Set();
    switch (event.type) {
      case 'entries':
        spread(connections, encodeFrame({ t: 'entries', room, entries: [...event.entries] }));
        this.#onDelivered(event.entries.length * connections.size);
        return;
      case 'relay': {
        const frame = encodeFrame(event.frame);
        for (const connection of connections) if (connection.id !== event.from) connection.sendEncoded(frame);
        return;
      }
      case 'receipt':
        this.#receipts.add(room, event);
    }
  }
}

/** Nobody gets a receipt of their own alone; together with those of others it does no harm. */
function spreadReceipts(
  connections: ReadonlySet<Connection>,
  room: RoomId,
  heard: readonly HeardReceipt[],
): number {
  const [first] = heard;
  const only = heard.every(({ from }) => from === first?.from) ? first?.from : undefined;
  const frame = encodeFrame({ t: 'receipts', room, receipts: heard.map(({ receipt }) => receipt) });
  for (const connection of connections) if (connection.id !== only) connection.sendEncoded(frame);
  return connections.size;
}

/** D4: serialised and framed once, for all. */
function spread(connections: Iterable<Connection>, frame: Buffer): void {
  for (const connection of connections) connection.sendEncoded(frame);
}

function drop<Key>(audiences: Map<Key, Audience>, key: Key, connection: Connection): void {
  const audience = audiences.get(key);
  if (!audience?.connections.delete(connection) || audience.connections.size > 0) return;
  audience.stop();
  audiences.delete(key);
}
