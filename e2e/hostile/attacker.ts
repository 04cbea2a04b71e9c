import { asEpochSecret, type EpochSecret, randomBytes } from '@sotto/crypto';
import type { AccountId, RoomId } from '@sotto/protocol';
import type { Answer, Method, RawMember } from '../attacks/support/member.ts';
import type { RawSocket } from '../attacks/support/raw-socket.ts';
import { type Chance, chanceFrom } from '../node/chance.ts';
import { DEEDS } from './deeds.ts';
import { Loot } from './loot.ts';

type Name = keyof typeof DEEDS;

const WEIGHTS: Readonly<Record<Name, number>> = {
  call: 40,
  stolenProof: 4,
  frame: 30,
  message: 18,
  header: 5,
  found: 2,
  upload: 3,
  restless: 3,
  flood: 1,
};

interface Circumstances {
  readonly seed: number;
  /** The room in which it is a member beside the bystanders. */
  readonly room: RoomId;
  readonly bystanders: readonly AccountId[];
  /** The other hostile accounts. */
  readonly fellows: readonly AccountId[];
}

/** A real account with its keys in hand, and chance in its head. */
export class Attacker {
  readonly member: RawMember;
  readonly room: RoomId;
  readonly bystanders: readonly AccountId[];
  readonly others: readonly AccountId[];
  /** Rooms it brought them into, where it says things too. */
  readonly founded: RoomId[] = [];
  readonly loot = new Loot();
  readonly draw: { readonly chance: Chance; readonly loot: Loot };
  /** How often each deed was answered how. */
  readonly told = new Map<string, number>();
  /** Answers that no request may have, however hostile. */
  readonly faults: string[] = [];
  #socket: RawSocket | null = null;

  constructor(member: RawMember, { seed, room, bystanders, fellows }: Circumstances) {
    this.member = member;
    this.room = room;
    this.bystanders = bystanders;
    this.others = [...bystanders, ...fellows];
    this.draw = { chance: chanceFrom(seed), loot: this.loot };
    this.loot.keep({ room, account: [...this.others, member.account], device: member.device });
  }

  /** Does one thing after another until told to stop: each once, then whatever chance wants. */
  async run(goesOn: () => boolean): Promise<void> {
    const { chance } = this.draw;
    const due = Object.keys(WEIGHTS) as Name[];
    while (goesOn()) {
      const [name = chance.weighted(WEIGHTS)] = due.splice(chance.below(Math.max(1, due.length)), 1);
      this.#count(name, await this.#attempt(name));
      await new Promise((resolve) => setTimeout(resolve, this.draw.chance.below(40)));
    }
    this.#socket?.close();
  }

  async call(method: Method, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.member.call(method, path, body);
    this.loot.keep(answer.json);
    if (answer.status >= 500 && answer.json?.code !== 'busy') {
      this.faults.push(
        `${method} ${path} was answered ${answer.status} ${JSON.stringify(body)?.slice(0, 2_000)}`,
      );
    }
    return answer;
  }

  /** Mostly the room it shares with them. */
  somewhere(): RoomId {
    return this.draw.chance.below(4) === 0 ? (this.draw.chance.pick(this.founded) ?? this.room) : this.room;
  }

  /** The newest secret of a room; where another hostile account gave it none, an older one or what was never one. */
  async secret(room: RoomId): Promise<EpochSecret> {
    const { secret } = await this.member.read(room);
    return secret ?? [...this.member.secrets.values()].at(-1) ?? asEpochSecret(randomBytes(32));
  }

  /** Says a frame; connects where it is not connected. */
  async say(frame: string): Promise<void> {
    const socket = this.#socket && !this.#socket.closed ? this.#socket : await this.reconnect();
    for (const each of socket.frames.splice(0)) {
      this.loot.keep(each);
      if (each.t !== 'refused') continue;
      this.#count('frame', each.code);
      if (each.code === 'internal') this.faults.push(`a frame was answered: ${each.message}`);
    }
    socket.send(frame);
  }

  async reconnect(): Promise<RawSocket> {
    this.#socket?.close();
    this.#socket = await this.member.connect();
    return this.#socket;
  }

  /** A deed that its own tools cannot do in this state of things is none; the server's trouble is a fault. */
  async #attempt(name: Name): Promise<string> {
    try {
      return await DEEDS[name](this);
    } catch (error) {
      return `not done: ${(error as Error).message.slice(0, 60)}`;
    }
  }

  #count(deed: string, answer: string): void {
    const key = `${deed} ${answer}`;
    this.told.set(key, (this.told.get(key) ?? 0) + 1);
  }
}
