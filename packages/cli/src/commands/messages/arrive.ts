import { ClientError, type Engine, type MessageItem } from '@sotto/client';
import type { MessageId, RoomId } from '@sotto/protocol';
import { jsonLine } from '../../text/harmless.ts';
import { itemJson } from '../../text/json.ts';
import { obstacle } from '../../text/words.ts';
import type { Task } from '../command.ts';
import { EXIT, type Exit } from '../exit.ts';
import { openRoom } from '../find.ts';
import { openTimeline } from '../timeline.ts';
import { NotDone } from '../usage-error.ts';
import { holds } from '../wait.ts';

const SENT_WITHIN = 30_000;
/** The longest a timer takes: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** The conversation that something is written into. @throws NotDone where nothing may be sent */
export async function openToWrite(engine: Engine, name: string): Promise<RoomId> {
  const id = await openRoom(engine, name, 'write');
  const room = engine.state.rooms.get(id);
  const reason = room && obstacle(room);
  if (reason) throw new NotDone(reason);
  await openTimeline(engine, id);
  return id;
}

/**
 * Waits until the server has a message (D2), and says how it stands.
 * @param patience 'as-long-as-it-takes': for files, where it was online to begin with
 * @throws ClientError where it was refused
 */
export async function arrive(
  { engine, json, io }: Pick<Task, 'engine' | 'json' | 'io'>,
  id: RoomId,
  message: MessageId,
  patience: 'while-online' | 'as-long-as-it-takes',
): Promise<Exit> {
  const timeline = engine.timeline(id);
  const item = () =>
    timeline.state.items.find((line): line is MessageItem => line.type === 'message' && line.id === message);
  const online = () => engine.state.connection.status === 'online';
  const long = patience === 'as-long-as-it-takes' && online();
  const answered = () => {
    const delivery = item()?.delivery?.state ?? 'waiting';
    return delivery !== 'waiting' || !(long || online());
  };
  await holds(engine, answered, { within: long ? LONGEST : SENT_WITHIN, ended: io.ended });
  const line = item();
  const shown = engine.state.rooms.get(id);
  if (json && line && shown) io.out(jsonLine(itemJson(io.texts, line, shown, engine.state)));
  const delivery = line?.delivery;
  if (delivery?.state === 'failed') throw new ClientError(delivery.code, { reason: delivery.reason });
  if (line && delivery?.state !== 'waiting') return EXIT.done;
  io.note(io.texts.inside.stored); // E3
  return EXIT.waiting;
}
