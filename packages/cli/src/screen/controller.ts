import { ClientError, type Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { obstacle } from '../text/words.ts';
import { edit } from './draft.ts';
import { type Entry, entriesOf } from './entries.ts';
import type { Action } from './keys.ts';
import { FIRST_VIEW, type View } from './view.ts';

interface Outside {
  /** The view was replaced. */
  readonly changed: () => void;
  readonly quit: () => void;
  /** A fault of this program: it must surface. */
  readonly fault: (error: unknown) => void;
}

/** Turns what the person does into changes of the view and calls of the engine. */
export class Controller {
  readonly #engine: Engine;
  readonly #outside: Outside;
  #view: View = FIRST_VIEW;

  constructor(engine: Engine, outside: Outside) {
    this.#engine = engine;
    this.#outside = outside;
  }

  get view(): View {
    return this.#view;
  }

  act(action: Action): void {
    if (this.#view.note !== '') this.#change({ note: '' });
    switch (action.type) {
      case 'quit':
        this.leave();
        this.#outside.quit();
        return;
      case 'help':
        this.#change({ help: !this.#view.help });
        return;
      case 'back':
        this.#change(this.#view.help ? { help: false } : { focus: 'list' });
        return;
      case 'switch':
        this.#change({ focus: this.#view.focus === 'list' && this.#view.room ? 'write' : 'list' });
        return;
      case 'choose':
        this.#change({ chosen: this.#neighbour(this.#view.chosen, action.by)?.key ?? null });
        return;
      case 'go':
        this.#go(action.by);
        return;
      case 'open':
        this.#open(this.#neighbour(this.#view.chosen, 0));
        return;
      case 'scroll':
        this.#scroll(action.by);
        return;
      case 'retry':
        this.#retry();
        return;
      case 'send':
        this.#send();
        return;
      default:
        this.#edit(action);
        return;
    }
  }

  /** Everything that is on the screen now has been read. */
  seen(): void {
    const { room, scrolled } = this.#view;
    if (room === null || scrolled > 0) return;
    const position = this.#engine
      .timeline(room)
      .state.items.findLast((item) => item.position !== null)?.position;
    if (position) this.#attempt(this.#engine.markRead(room, position));
  }

  /** Keeps what was being written. */
  leave(): void {
    const { room, draft } = this.#view;
    if (room === null || !this.#engine.state.rooms.has(room)) return;
    this.#engine.setTyping(room, false);
    if (draft.text !== this.#engine.state.rooms.get(room)?.draft) {
      this.#attempt(this.#engine.setDraft(room, draft.text));
    }
  }

  #change(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change };
    this.#outside.changed();
  }

  #neighbour(key: string | null, by: number): Entry | undefined {
    const entries = entriesOf(this.#engine.state);
    const at = Math.max(
      0,
      entries.findIndex((entry) => entry.key === key),
    );
    return entries[Math.max(0, Math.min(entries.length - 1, at + by))];
  }

  #go(by: number): void {
    const next = this.#view.room === null ? this.#neighbour(null, 0) : this.#neighbour(this.#view.room, by);
    if (next?.type === 'room') this.#open(next);
  }

  #open(entry: Entry | undefined): void {
    if (!entry) return;
    if (entry.type === 'room') {
      this.#show(entry.room.room);
      return;
    }
    this.#change({ note: `Opening the conversation with ${entry.person.name} …` });
    this.#attempt(
      this.#engine.openDirect(entry.person.account).then((room) => {
        this.#change({ note: '' });
        this.#show(room);
      }),
    );
  }

  #show(room: RoomId): void {
    this.leave();
    const text = this.#engine.state.rooms.get(room)?.draft ?? '';
    const draft = { text, cursor: text.length };
    this.#change({ room, chosen: room, draft, scrolled: 0, focus: 'write', help: false });
  }

  #scroll(by: number): void {
    const { room, scrolled } = this.#view;
    if (room === null) return;
    const timeline = this.#engine.timeline(room);
    const most = Math.max(0, timeline.state.items.length - 1);
    const next = Math.max(0, Math.min(most, scrolled + by));
    this.#change({ scrolled: next });
    if (by > 0 && next + by >= most && timeline.state.hasOlder) this.#attempt(timeline.loadOlder());
  }

  #send(): void {
    const { room, draft } = this.#view;
    const body = draft.text.trim();
    if (room === null || body === '') return;
    const known = this.#engine.state.rooms.get(room);
    const reason = known && obstacle(known);
    if (reason) {
      this.#change({ note: reason });
      return;
    }
    this.#change({ draft: { text: '', cursor: 0 }, scrolled: 0 });
    this.#engine.setTyping(room, false);
    this.#attempt(
      this.#engine.sendText(room, { body }).catch((error: unknown) => {
        // E3: what could not be taken is not lost; it stands in the composer again.
        if (this.#view.room === room && this.#view.draft.text === '') this.#change({ draft });
        throw error;
      }),
    );
  }

  #edit(step: Parameters<typeof edit>[1]): void {
    const { room } = this.#view;
    if (room === null) return;
    const draft = edit(this.#view.draft, step);
    if (draft.text !== this.#view.draft.text) this.#engine.setTyping(room, draft.text.trim() !== '');
    this.#change({ draft });
  }

  #retry(): void {
    const { room } = this.#view;
    this.#engine.reconnect();
    if (room === null) return;
    for (const item of this.#engine.timeline(room).state.items) {
      if (item.type === 'message' && item.delivery?.state === 'failed') {
        this.#attempt(this.#engine.retry(room, item.id));
      }
    }
  }

  /** What the engine refuses is told in the bottom bar. */
  #attempt(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (error instanceof ClientError) this.#change({ note: error.message });
      else this.#outside.fault(error);
    });
  }
}
