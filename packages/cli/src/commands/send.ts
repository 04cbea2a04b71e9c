import { ClientError, type MessageItem } from '@sotto/client';
import { type EngineRequest, UsageError } from '../options.ts';
import { itemJson } from '../text/json.ts';
import { obstacle } from '../text/words.ts';
import { openRoom } from './find.ts';
import { openTimeline } from './read.ts';
import { EXIT, type Exit, type Task } from './run.ts';
import { holds } from './wait.ts';

type Send = Extract<EngineRequest, { command: 'send' }>;

const SENT_WITHIN = 30_000;

/** Sends one message and waits until the server has it on disk (D2). */
export async function send({ engine, request, json, io }: Task<Send>): Promise<Exit> {
  const body = request.text?.trimEnd() ?? '';
  if (body === '') throw new UsageError('There is nothing to send.');
  const id = await openRoom(engine, request.room);
  const room = engine.state.rooms.get(id);
  const reason = room && obstacle(room);
  if (reason) throw new ClientError('usage', { message: reason });
  const timeline = await openTimeline(engine, id);
  const message = await engine.sendText(id, { body });
  const item = () =>
    timeline.state.items.find((line): line is MessageItem => line.type === 'message' && line.id === message);
  const answered = () => {
    const delivery = item()?.delivery?.state ?? 'waiting';
    return delivery !== 'waiting' || engine.state.connection.status !== 'online';
  };
  await holds(engine, answered, { within: SENT_WITHIN, ended: io.ended });
  const line = item();
  const shown = engine.state.rooms.get(id);
  if (json && line && shown) io.out(JSON.stringify(itemJson(line, shown, engine.state)));
  const delivery = line?.delivery;
  if (delivery?.state === 'failed') throw new ClientError('usage', { message: delivery.reason });
  if (line && delivery?.state !== 'waiting') return EXIT.done;
  io.note('Stored, and not sent yet: it goes out the next time Sotto is online here.'); // E3
  return EXIT.waiting;
}
