import type {
  AccountId,
  DeviceId,
  DeviceReceipt,
  FrameOf,
  LogEntry,
  RoomHead,
  RoomId,
  Signed,
} from '@sotto/protocol';

/** What the connections of a room's members learn. */
export type RoomEvent =
  | { readonly type: 'entries'; readonly room: RoomId; readonly entries: readonly LogEntry[] }
  /** `from` is the connection that sent it and does not get it back. */
  | { readonly type: 'relay'; readonly frame: FrameOf<'signal'>; readonly from: string }
  /** A device's newest receipt; `from` as with `relay`. */
  | { readonly type: 'receipt'; readonly receipt: DeviceReceipt; readonly from: string };

/** Frames that need no more than passing on. */
export type PlainFrame = FrameOf<'presence' | 'people' | 'list' | 'vault'>;

/** What one account's connections learn. */
export type AccountEvent =
  /** For one device alone. */
  | { readonly type: 'device'; readonly device: DeviceId; readonly frame: FrameOf<'wrap' | 'requests'> }
  | { readonly type: 'room'; readonly head: RoomHead }
  /** The account's newest list holds only these devices; the list as signed is for those it drops. */
  | { readonly type: 'devices'; readonly kept: readonly DeviceId[]; readonly list: Signed }
  /** For all connections but those of the device it comes from. */
  | { readonly type: 'frame'; readonly frame: PlainFrame; readonly from?: DeviceId };

export type EveryoneEvent = { readonly type: 'frame'; readonly frame: PlainFrame };

export type Topic = `room/${string}` | `account/${string}` | 'everyone';

export type EventOf<T extends Topic> = T extends `room/${string}`
  ? RoomEvent
  : T extends `account/${string}`
    ? AccountEvent
    : EveryoneEvent;

/**
 * D8: carries what happened from where it was committed to every connection it concerns. Events of one
 * topic arrive in the order in which one publisher published them. An implementation may lose events (a
 * gap in positions is then read from the store), but never invents or changes one.
 */
export interface Bus {
  /** Returns at once; never throws for what a subscriber does. */
  publish<T extends Topic>(topic: T, event: EventOf<T>): void;
  /** @returns a function that ends the subscription; nothing arrives after it ran */
  subscribe<T extends Topic>(topic: T, receive: (event: EventOf<T>) => void): () => void;
  close(): Promise<void>;
}

export const roomTopic = (room: RoomId) => `room/${room}` as const;
export const accountTopic = (account: AccountId) => `account/${account}` as const;
