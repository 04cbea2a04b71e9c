import { type Bytes, fromBase64Url, type LogEntry } from '@sotto/protocol';
import { signingKeyOf } from '../device/device-list.ts';
import { VerificationError } from '../failure.ts';
import type { Content } from '../message/content.ts';
import { decryptMessage, type VerifiedMessage, verifyMessage } from '../message/message.ts';
import type { AdvanceContext } from './advance.ts';
import type { RoomState } from './state.ts';

/** A message verified and opened before its turn, by what was known then. Its turn decides whether it counts. */
export interface EarlyMessage {
  /** The sender's key that it was verified with. */
  readonly signing: Uint8Array;
  readonly message: VerifiedMessage;
  /** Absent where the epoch's secret was not here, or it did not open. */
  readonly content: Content | undefined;
}

/** How far ahead: enough that the platform's threads never wait for this one, or this one for them. */
const AHEAD = 8;

/**
 * Signatures and ciphertexts of a page of entries, checked some entries ahead: each message takes the platform four
 * operations one after the other, and a page read strictly in turn mostly waits for them. Nothing here is an outcome:
 * `advanceRoom` takes what was verified with the very key that it finds itself, and does the rest in the log's order.
 */
export class ReadAhead {
  readonly #entries: readonly LogEntry[];
  readonly #context: Pick<AdvanceContext, 'lists' | 'secrets'>;
  readonly #early = new Map<LogEntry, Promise<EarlyMessage | undefined>>();
  readonly #bodies = new Map<LogEntry, Bytes>();
  #next = 0;

  constructor(entries: readonly LogEntry[], context: Pick<AdvanceContext, 'lists' | 'secrets'>) {
    this.#entries = entries;
    this.#context = context;
  }

  /** An entry's body, where it was decoded already. */
  body(entry: LogEntry): Bytes | undefined {
    return this.#bodies.get(entry);
  }

  /** What is known of an entry whose turn it is; starts on those that follow. */
  take(entry: LogEntry, state: RoomState): Promise<EarlyMessage | undefined> | undefined {
    while (this.#next < this.#entries.length && this.#early.size <= AHEAD) {
      const next = this.#entries[this.#next];
      this.#next += 1;
      // What stands before this entry was taken already.
      if (next?.kind !== 'message' || next.position < entry.position) continue;
      this.#early.set(next, this.#open(next, state));
    }
    const early = this.#early.get(entry);
    this.#early.delete(entry);
    this.#bodies.delete(entry);
    return early;
  }

  /** Undefined for whatever goes wrong: it goes wrong again in its turn, and is told there. */
  async #open(entry: LogEntry, { header, room }: RoomState): Promise<EarlyMessage | undefined> {
    const member = header?.header.members.find(({ account }) => account === entry.account);
    const body = fromBase64Url(entry.body);
    if (!member || !body) return undefined;
    this.#bodies.set(entry, body);
    try {
      const list = await this.#context.lists(entry.account, member.list);
      const signing = list && signingKeyOf(list.list, entry.device);
      if (!signing) return undefined;
      const { account, device, id } = entry;
      const message = await verifyMessage(body, { room, kind: 'log', account, device, id, signing });
      const secret = await this.#context.secrets(message.header.epoch);
      return { signing, message, content: secret && (await opened(message, secret)) };
    } catch {
      return undefined;
    }
  }
}

async function opened(
  message: VerifiedMessage,
  secret: Parameters<typeof decryptMessage>[1],
): Promise<Content | undefined> {
  try {
    return await decryptMessage(message, secret);
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}
