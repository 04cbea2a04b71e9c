import { type Engine, messageBody, NO_DRAFT, type Person, type Room } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { demandAnswered } from '../commands/requests/answered.ts';
import { problemOf } from '../session/problems.ts';
import { obstacle } from '../text/words.ts';
import type { Texts } from '../texts/texts.ts';
import { Choice } from './choice.ts';
import { type Edit, EMPTY, edit } from './draft.ts';
import { type Entry, entriesOf } from './entries.ts';
import { helpPanel } from './help.ts';
import type { Action } from './keys.ts';
import { type OpenSession, Orders } from './orders.ts';
import { FIRST_VIEW, type Target, type View } from './view.ts';
import { draftOf, isSameDraft, writingOf } from './writing.ts';

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
  readonly #texts: Texts;
  readonly #outside: Outside;
  readonly #orders: Orders;
  readonly #choice: Choice;
  readonly #ended = new AbortController();
  #view: View = FIRST_VIEW;

  constructor(session: OpenSession, outside: Outside) {
    this.#texts = session.texts;
    this.#engine = session.engine;
    this.#outside = outside;
    this.#orders = new Orders(session, {
      note: (note) => this.#change({ note }),
      show: (panel) => this.#change({ panel }),
      open: (room) => this.#show(room),
      quit: () => this.#quit(),
      ask: (question, secret) => this.#ask(question, secret),
      ended: this.#ended.signal,
    });
    this.#choice = new Choice(session, {
      change: (change) => this.#change(change),
      ask: (question) => this.#ask(question, false),
      run: (command, input, title) => this.#orders.run(command, input, title),
    });
  }

  get view(): View {
    return this.#view;
  }

  act(action: Action): void {
    if (this.#view.note !== '') this.#change({ note: '' });
    switch (action.type) {
      case 'quit':
        this.#quit();
        return;
      case 'help':
        this.#change({ panel: this.#view.panel ? null : helpPanel(this.#texts) });
        return;
      case 'back':
        this.#back();
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
      case 'select':
        this.#attempt(this.#choice.move(this.#view, action.by));
        return;
      case 'do':
        this.#attempt(this.#choice.act(this.#view, action.what));
        return;
      case 'scroll':
        this.#scroll(action.by);
        return;
      case 'retry':
        this.#retry();
        return;
      case 'command':
        this.#attempt(this.#command());
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
    const { room, scrolled, selected } = this.#view;
    if (room === null || scrolled > 0 || selected !== null) return;
    const position = this.#engine
      .timeline(room)
      .state.items.findLast((item) => item.position !== null)?.position;
    if (position) this.#attempt(this.#engine.messages.markRead(room, position));
  }

  /** Keeps what was being written. */
  leave(): void {
    const { room } = this.#view;
    const known = this.#room();
    if (room === null || !known) return;
    this.#engine.messages.setTyping(room, false);
    const draft = draftOf(this.#view);
    if (!isSameDraft(draft, known.draft)) this.#attempt(this.#engine.messages.setDraft(room, draft));
  }

  #change(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change };
    this.#outside.changed();
  }

  #room(): Room | undefined {
    return this.#view.room === null ? undefined : this.#engine.state.rooms.get(this.#view.room);
  }

  #quit(): void {
    this.leave();
    this.#ended.abort();
    this.#outside.quit();
  }

  #back(): void {
    const { prompt, panel, focus, target, aside } = this.#view;
    if (prompt) {
      this.#change({ prompt: null });
      prompt.answer(null);
    } else if (panel) this.#change({ panel: null });
    else if (focus === 'select') this.#change({ focus: 'write', selected: null });
    else if (target?.type === 'edit') this.#change({ target: null, draft: aside, aside: EMPTY });
    else if (target) this.#change({ target: null });
    else this.#change({ focus: 'list' });
  }

  #ask(question: string, secret: boolean, draft = EMPTY): Promise<string | null> {
    return new Promise((answer) => {
      this.#view.prompt?.answer(null);
      this.#change({ prompt: { question, secret, draft, answer }, note: '' });
    });
  }

  async #command(): Promise<void> {
    const line = await this.#ask(this.#texts.pane.command, false, { text: '/', cursor: 1 });
    if (line?.trim()) await this.#orders.take(line, this.#room());
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
    this.#attempt(this.#meet(entry.person));
  }

  async #meet(person: Person): Promise<void> {
    demandAnswered(this.#engine, person.account);
    this.#change({ note: this.#texts.pane.opening({ name: person.name }) });
    const room = await this.#engine.rooms.openDirect(person);
    this.#change({ note: '' });
    this.#show(room);
  }

  #show(room: RoomId): void {
    this.leave();
    const written = writingOf(this.#engine.state.rooms.get(room)?.draft ?? NO_DRAFT);
    const above = { panel: null, selected: null };
    this.#change({ room, chosen: room, scrolled: 0, focus: 'write', ...above, ...written });
  }

  #scroll(by: number): void {
    const { room, scrolled, panel } = this.#view;
    if (panel) {
      const from = Math.max(0, Math.min(panel.lines.length - 1, panel.from - by));
      this.#change({ panel: { ...panel, from } });
      return;
    }
    if (room === null) return;
    const timeline = this.#engine.timeline(room);
    const most = Math.max(0, timeline.state.items.length - 1);
    const next = Math.max(0, Math.min(most, scrolled + by));
    this.#change({ scrolled: next });
    if (by > 0 && next + by >= most && timeline.state.hasOlder) this.#attempt(timeline.loadOlder());
  }

  #send(): void {
    const { room, draft, prompt, target, aside } = this.#view;
    if (prompt) {
      this.#change({ prompt: null });
      prompt.answer(prompt.draft.text);
      return;
    }
    const body = messageBody(draft.text);
    const mayBeEmpty = target?.type === 'edit' && this.#isFiles(target.position); // a caption
    if (room === null || (body === '' && !mayBeEmpty)) return;
    this.#engine.messages.setTyping(room, false);
    const empty = {
      draft: target?.type === 'edit' ? aside : EMPTY,
      aside: EMPTY,
      target: null,
      scrolled: 0,
    };
    if (body.startsWith('/') && !target) {
      this.#change(empty);
      this.#attempt(this.#take(body, room));
      return;
    }
    const known = this.#room();
    const reason = known && obstacle(known);
    if (reason) {
      this.#change({ note: reason(this.#texts) });
      return;
    }
    this.#change(empty);
    this.#attempt(
      this.#say(room, body, target).catch((error: unknown) =>
        this.#giveBack(room, { draft, target, aside }, error),
      ),
    );
  }

  /** A command, or a text that two slashes begin. */
  async #take(line: string, room: RoomId): Promise<void> {
    const draft = { text: line, cursor: line.length };
    try {
      if (line.startsWith('//')) await this.#say(room, line.slice(1), null);
      else await this.#orders.take(line, this.#room());
    } catch (error) {
      this.#giveBack(room, { draft }, error);
    }
  }

  /** E3: what could not be taken is not lost; it stands in the composer again. */
  #giveBack(room: RoomId, before: Partial<View>, error: unknown): never {
    const { room: now, draft, target } = this.#view;
    if (now === room && target === null && draft.text === (before.aside ?? EMPTY).text) this.#change(before);
    throw error;
  }

  #say(room: RoomId, body: string, target: Target | null): Promise<unknown> {
    if (target?.type === 'edit') return this.#engine.messages.edit(room, target.position, body);
    const reply = target ? { reply: target.position } : {};
    return this.#engine.messages.send(room, { body, ...reply });
  }

  #isFiles(position: number): boolean {
    const { room } = this.#view;
    const items = room === null ? [] : this.#engine.timeline(room).state.items;
    return items.some(
      (item) => item.type === 'message' && item.position === position && item.kind === 'files',
    );
  }

  #edit(step: Edit): void {
    const { room, prompt } = this.#view;
    if (prompt) {
      this.#change({ prompt: { ...prompt, draft: edit(prompt.draft, step) } });
      return;
    }
    if (room === null) return;
    const draft = edit(this.#view.draft, step);
    const told = draft.text !== this.#view.draft.text && !draft.text.startsWith('/');
    if (told) this.#engine.messages.setTyping(room, draft.text.trim() !== '');
    this.#change({ draft });
  }

  #retry(): void {
    const { room } = this.#view;
    this.#engine.reconnect();
    if (room === null) return;
    for (const item of this.#engine.timeline(room).state.items) {
      if (item.type === 'message' && item.delivery?.state === 'failed') {
        this.#attempt(this.#engine.messages.retry(room, item.id));
      }
    }
  }

  /** What the engine refuses is told in the bottom bar. */
  #attempt(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      try {
        this.#change({ note: problemOf(this.#texts, error).message });
      } catch (fault) {
        this.#outside.fault(fault);
      }
    });
  }
}
