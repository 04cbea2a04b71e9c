import { type Engine, filesIn, type MessageItem, type TimelineItem } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Command } from '../commands/command.ts';
import { save } from '../commands/files/save.ts';
import { react } from '../commands/messages/change.ts';
import { UsageError } from '../commands/usage-error.ts';
import type { Texts } from '../texts/texts.ts';
import { EMPTY } from './draft.ts';
import type { Action } from './keys.ts';
import type { OpenSession } from './orders.ts';
import type { Target, View } from './view.ts';

/** What choosing a message does to the screen. */
interface Stage {
  change(change: Partial<View>): void;
  ask(question: string): Promise<string | null>;
  run<I>(command: Command<I>, input: I, title: string): Promise<void>;
}

type Deed = Extract<Action, { type: 'do' }>['what'];

type Chosen = MessageItem & { readonly position: number };

const changeable = (item: TimelineItem): item is Chosen =>
  item.type === 'message' && item.position !== null && item.kind !== 'deleted';

/** One message among those of the conversation, and what is done to it. */
export class Choice {
  readonly #engine: Engine;
  readonly #t: Texts['pane'];
  readonly #stage: Stage;

  constructor({ engine, texts }: OpenSession, stage: Stage) {
    this.#engine = engine;
    this.#t = texts.pane;
    this.#stage = stage;
  }

  /** Down where `by` is positive; begins with the newest. */
  async move({ room, selected }: View, by: number): Promise<void> {
    if (room === null) return;
    const timeline = this.#engine.timeline(room);
    const items = timeline.state.items.filter(changeable);
    const at = selected === null ? items.length - 1 : items.findIndex(({ key }) => key === selected) + by;
    const item = items[Math.max(0, Math.min(items.length - 1, at))];
    if (!item) return;
    this.#stage.change({ selected: item.key, focus: 'select', scrolled: 0 });
    if (at <= 0 && timeline.state.hasOlder) await timeline.loadOlder();
  }

  /** @throws UsageError, ClientError for what cannot be done to it */
  async act(view: View, deed: Deed): Promise<void> {
    const { room, selected } = view;
    if (room === null) return;
    const items = this.#engine.timeline(room).state.items.filter(changeable);
    const item = items.find(({ key }) => key === selected);
    if (!item) return;
    switch (deed) {
      case 'reply':
        return this.#write(view, 'reply', item);
      case 'edit':
        needOwn(item);
        return this.#write(view, 'edit', item);
      case 'delete':
        needOwn(item);
        return this.#delete(room, item);
      case 'react':
        return this.#react(room, item);
      case 'save':
        if (filesIn(item).length === 0) throw new UsageError((t) => t.wrong.noFileInMessage);
        return this.#save(room, item);
    }
  }

  #write({ target, draft, aside }: View, type: Target['type'], { position, body }: Chosen): void {
    const written = target?.type === 'edit' ? aside : draft;
    const now =
      type === 'edit'
        ? { draft: { text: body, cursor: body.length }, aside: written }
        : { draft: written, aside: EMPTY };
    this.#stage.change({ target: { type, position }, focus: 'write', selected: null, ...now });
  }

  async #delete(room: RoomId, { position }: Chosen): Promise<void> {
    const answer = await this.#stage.ask(this.#t.delete);
    if (answer?.trim().toLowerCase() !== 'y') return;
    await this.#engine.messages.remove(room, position);
    this.#stage.change({ focus: 'write', selected: null });
  }

  async #save(room: RoomId, { position }: Chosen): Promise<void> {
    const folder = process.cwd();
    await this.#stage.run(save, { room, position, name: null, folder }, this.#t.saved);
  }

  async #react(room: RoomId, { position }: Chosen): Promise<void> {
    const emoji = await this.#stage.ask(this.#t.reactWith);
    const text = emoji?.trim();
    if (text) await this.#stage.run(react, { room, position, text }, this.#t.reaction);
  }
}

/** Attack 30: only one's own messages are edited and deleted; others would refuse it anyway. */
function needOwn({ own }: MessageItem): void {
  if (!own) throw new UsageError((t) => t.wrong.onlyOwn);
}
