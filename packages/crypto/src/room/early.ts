import { type Bytes, fromBase64Url, type LogEntry } from '@sotto/protocol';
import { type ListLookup, signingKeyOf } from '../device/device-list.ts';
import type { EpochSecret } from '../epoch/secret.ts';
import type { VerifiedHeader } from '../epoch/verified-header.ts';
import { VerificationError } from '../failure.ts';
import type { Content } from '../message/kinds/index.ts';
import { decryptMessage, type VerifiedMessage, verifyMessage } from '../message/message.ts';
import type { RoomState } from './state.ts';

/** A message verified and opened before its turn, by what was known then. Its turn decides whether it counts. */
export interface EarlyMessage {
  /** The sender's key that it was verified with. */
  readonly signing: Uint8Array;
  readonly message: VerifiedMessage;
  /** Hash of the header whose secret opened it. */
  readonly under: Uint8Array;
  /** Absent where the epoch's secret was not here, or it did not open. */
  readonly content: Content | undefined;
}

interface Needs {
  readonly lists: ListLookup;
  /** See `AdvanceContext`. */
  readonly secrets: (header: VerifiedHeader) => Promise<EpochSecret | undefined>;
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
  readonly #context: Needs;
  readonly #early = new Map<LogEntry, Promise<EarlyMessage | undefined>>();
  readonly #bodies = new Map<LogEntry, Bytes>();
  #next = 0;

  constructor(entries: readonly LogEntry[], context: Needs) {
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
      const opening = this.#open(next, state);
      opening.catch(() => undefined); // a fault of ours is thrown in the entry's turn, not before
      this.#early.set(next, opening);
    }
    const early = this.#early.get(entry);
    this.#early.delete(entry);
    this.#bodies.delete(entry);
    return early;
  }

  /** Undefined for what is refused: it is refused again in its turn, and told there. */
  async #open(entry: LogEntry, { header, room }: RoomState): Promise<EarlyMessage | undefined> {
    const member = header?.header.members.find(({ account }) => account === entry.account);
    const body = fromBase64Url(entry.body);
    if (!header || !member || !body) return undefined;
    this.#bodies.set(entry, body);
    const { lists, secrets } = this.#context;
    const list = await unlessRefused(lists(entry.account, member.list));
    const signing = list && signingKeyOf(list.list, entry.device);
    if (!signing) return undefined;
    const { account, device, id } = entry;
    const claim = { room, kind: 'log', account, device, id, signing } as const;
    const message = await unlessRefused(verifyMessage(body, claim));
    if (!message) return undefined;
    // Behind a header that this page brings, it is opened in its turn.
    const secret =
      message.header.epoch === header.header.epoch ? await unlessRefused(secrets(header)) : undefined;
    const content = secret && (await unlessRefused(decryptMessage(message, secret)));
    return { signing, message, under: header.hash, content };
  }
}

/** What a lookup or check gives, or undefined where it refuses; our own faults stay faults. */
async function unlessRefused<T>(attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}
