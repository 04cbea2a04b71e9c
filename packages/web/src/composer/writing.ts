import { type Draft, type Engine, NO_DRAFT } from '@sotto/client';
import { createStore, type Store } from '../app/observable.ts';
import type { RoomId } from '../app/types.ts';
import { draftStored, type KeptDrafts, rescueDraft } from './draft-rescue.ts';

/** Milliseconds without a change after which it is stored. */
const PAUSE = 400;

type Drafts = Pick<Engine, 'id' | 'state' | 'subscribe'> & {
  readonly messages: Pick<Engine['messages'], 'setDraft'>;
};

/** What is being written in one conversation: text, what it answers, and what is edited, as one draft. */
export class Writing {
  readonly store: Store<Draft>;
  readonly #engine: Drafts;
  readonly #room: RoomId;
  readonly #kept: KeptDrafts | undefined;
  readonly #run: (work: Promise<unknown>) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is being stored or sent: what is told of the draft until then is older than what the field shows. */
  #underWay = 0;
  #known: string;

  /** @param run hears of what fails */
  constructor(engine: Drafts, room: RoomId, run: (work: Promise<unknown>) => void, kept?: KeptDrafts) {
    this.#engine = engine;
    this.#room = room;
    this.#kept = kept;
    this.#run = run;
    this.store = createStore(this.#stored());
    this.#known = JSON.stringify(this.#stored());
  }

  /** What another tab writes shows here too, as long as nothing newer is being written. */
  follow(): () => void {
    return this.#engine.subscribe(() => {
      const stored = this.#stored();
      const known = JSON.stringify(stored);
      if (known === this.#known) return;
      this.#known = known;
      if (this.#timer === undefined && this.#underWay === 0) this.store.set(stored);
    });
  }

  change(change: Partial<Draft>): void {
    const next = this.#show(change);
    rescueDraft(this.#place(), next, this.#kept);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(this.flush()), PAUSE);
  }

  /** Stores at once what waits for it. @throws StorageError */
  async flush(): Promise<void> {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const draft = this.store.get();
    await this.#holding(() => this.#engine.messages.setDraft(this.#room, draft));
    draftStored(this.#place(), draft, this.#kept);
  }

  /** The words in the field: of the message that is edited, else of the new one. */
  write(text: string): void {
    const { edit } = this.store.get();
    this.change(edit ? { edit: { ...edit, text } } : { text });
  }

  /** Ends the edit, else what is answered; what was written for a new message stays. */
  endTarget(): void {
    this.change(this.store.get().edit ? { edit: null } : { reply: null });
  }

  /**
   * Empties the field at once, and the draft once `work` is done; what was written is there again where that fails, unless
   * something else is by then. @returns whether it was done
   */
  send(work: (draft: Draft) => Promise<boolean>, atOnce: boolean): Promise<boolean> {
    return this.#holding(() => this.#send(work, atOnce));
  }

  async #send(work: (draft: Draft) => Promise<boolean>, atOnce: boolean): Promise<boolean> {
    const draft = this.store.get();
    const emptied = draft.edit ? { ...draft, edit: null } : NO_DRAFT;
    await this.flush();
    const done = work(draft);
    if (atOnce) this.change(emptied);
    else this.#show(draft.edit ? { edit: { ...draft.edit, text: '' } } : { text: '' });
    const sent = await done;
    const now = this.store.get();
    const untouched = (now.edit?.text ?? now.text) === '';
    if (!sent && untouched) this.change(draft);
    else if (sent && !atOnce) this.change(untouched ? emptied : { ...now, reply: null, edit: null });
    return sent;
  }

  async #holding<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }

  #show(change: Partial<Draft>): Draft {
    const next = { ...this.store.get(), ...change };
    this.store.set(next);
    return next;
  }

  #stored = (): Draft => this.#engine.state.rooms.get(this.#room)?.draft ?? NO_DRAFT;
  #place = () => ({ account: this.#engine.id, room: this.#room });
}
