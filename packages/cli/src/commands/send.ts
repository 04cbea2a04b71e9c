import { ClientError, type MessageItem } from '@sotto/client';
import type { MessageId, RoomId } from '@sotto/protocol';
import { type Asked, UsageError } from '../requests.ts';
import { itemJson } from '../text/json.ts';
import { obstacle } from '../text/words.ts';
import { openRoom } from './find.ts';
import { openTimeline } from './read.ts';
import { EXIT, type Exit, type Task } from './task.ts';
import { holds } from './wait.ts';

type Send = Asked<'send'>;

const SENT_WITHIN = 30_000;
/** The longest a timer takes: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** Sends one message and waits until the server has it on disk (D2). */
export async function send({ engine, request, json, io }: Task<Send>): Promise<Exit> {
  const body = request.text?.trimEnd() ?? '';
  if (body === '') throw new UsageError('There is nothing to send.');
  const id = await openRoom(engine, request.room);
  const room = engine.state.rooms.get(id);
  const reason = room && obstacle(room);
  if (reason) throw new ClientError('usage', { message: reason });
  const reply = request.reply === null ? {} : { reply: request.reply };
  await openTimeline(engine, id);
  const message = await engine.sendText(id, { body, ...reply });
  return arrive({ engine, json, io }, id, message, 'while online');
}

/**
 * Waits until the server has a message (D2), and says how it stands.
 * @param patience 'as long as it takes': for files, where it was online to begin with
 * @throws ClientError where it was refused
 */
export async function arrive(
  { engine, json, io }: Pick<Task, 'engine' | 'json' | 'io'>,
  id: RoomId,
  message: MessageId,
  patience: 'while online' | 'as long as it takes',
): Promise<Exit> {
  const timeline = engine.timeline(id);
  const item = () =>
    timeline.state.items.find((line): line is MessageItem => line.type === 'message' && line.id === message);
  const online = () => engine.state.connection.status === 'online';
  const long = patience === 'as long as it takes' && online();
  const answered = () => {
    const delivery = item()?.delivery?.state ?? 'waiting';
    return delivery !== 'waiting' || !(long || online());
  };
  await holds(engine, answered, { within: long ? LONGEST : SENT_WITHIN, ended: io.ended });
  const line = item();
  const shown = engine.state.rooms.get(id);
  if (json && line && shown) io.out(JSON.stringify(itemJson(line, shown, engine.state)));
  const delivery = line?.delivery;
  if (delivery?.state === 'failed') throw new ClientError('usage', { message: delivery.reason });
  if (line && delivery?.state !== 'waiting') return EXIT.done;
  io.note('Stored, and not sent yet: it goes out the next time Sotto is online here.'); // E3
  return EXIT.waiting;
}
