import { ClientError, type ClientErrorCode, type Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { beside } from '../../session/problems.ts';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import { eventJson, itemJson } from '../../text/json.ts';
import { incomingWords, itemLine, nameOf, whyNot } from '../../text/words.ts';
import { engineCommand, type Task } from '../command.ts';
import { openRoom } from '../find.ts';
import { markRead, openTimeline } from '../timeline.ts';

interface Followed {
  /** Null: messages of others in all conversations. */
  readonly room: string | null;
  readonly peek: boolean;
}

export const follow = engineCommand({
  usage: 'follow [ROOM] [--peek]',
  slash: false,
  stays: true,
  read: (line): Followed => ({ room: line.maybe(), peek: line.flags.peek ?? false }),
  async run(task) {
    const { engine, input, io } = task;
    const stop =
      input.room === null ? followAll(task) : await followRoom(task, await openRoom(engine, input.room));
    io.note(io.texts.inside.following);
    const refused = await end(engine, io.ended);
    stop();
    if (refused !== null) throw new ClientError(refused);
  },
});

/** Waits for the person, or until the server takes this device no longer. @returns why it does not */
function end(engine: Engine, ended: AbortSignal): Promise<ClientErrorCode | null> {
  return new Promise((resolve) => {
    const look = () => {
      const { connection } = engine.state;
      const refused = connection.status === 'refused' ? whyNot(connection) : null;
      if (refused === null && !ended.aborted) return;
      stop();
      resolve(refused);
    };
    const stop = engine.subscribe(look);
    ended.addEventListener('abort', look);
    look();
  });
}

/** Messages of others, each once; as JSON, whatever others do. */
function followAll({ engine, json, io }: Task<Followed>): () => void {
  return engine.events.on((event) => {
    const { state } = engine;
    if (json) return io.out(jsonLine(eventJson(event, state)));
    if (event.type !== 'message') return;
    const title = harmlessLine(state.rooms.get(event.room)?.title ?? '?');
    io.out(`(${title}) ${nameOf(io.texts, event.account, state)}: ${incomingWords(io.texts, event)}`);
  });
}

/** Every line of one conversation, one's own and those of the system too, once the server has it. */
async function followRoom({ engine, input, json, io }: Task<Followed>, id: RoomId): Promise<() => void> {
  const { texts } = io;
  const timeline = await openTimeline(engine, id);
  const there = timeline.state.items.filter(({ position }) => position !== null);
  const printed = new Set(there.map(({ key }) => key));
  const oldest = there[0]?.position ?? 0;
  const show = () => {
    for (const item of timeline.state.items) {
      // Older pages may be loaded meanwhile; what waits in the outbox has no place in the order yet.
      if (printed.has(item.key) || item.position === null || item.position < oldest) continue;
      printed.add(item.key);
      const room = engine.state.rooms.get(id);
      const { state } = engine;
      io.out(json && room ? jsonLine(itemJson(texts, item, room, state)) : itemLine(texts, item, state));
    }
    if (!input.peek) beside(io, markRead(engine, id));
  };
  show();
  return timeline.subscribe(show);
}
