import type { RoomRequest } from '@sotto/client';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import { itemJson, requestJson } from '../../text/json.ts';
import { itemLine, requestLine } from '../../text/words.ts';
import { engineCommand, type Task } from '../command.ts';
import { print } from '../print.ts';
import { openTimeline } from '../timeline.ts';
import { requestCalled, requestsOf } from './asked.ts';

const SHOWN = 20;

export const requests = engineCommand({
  usage: 'requests [NUMBER]',
  read: (line) => ({ number: line.maybe() }),
  async run(task) {
    const { state } = task.engine;
    const { number } = task.input;
    if (number !== null) return look(task, await requestCalled(task, number));
    return print(task, await requestsOf(task), requestJson(state), requestLine(task.io.texts, state));
  },
});

/** What the other would like to be seen; looking tells them nothing. */
async function look({ engine, json, io }: Task, request: RoomRequest): Promise<void> {
  const { room, preview } = request;
  const { texts } = io;
  const items = (await openTimeline(engine, room)).state.items.slice(-SHOWN);
  const { state } = engine;
  if (!json) {
    io.out(requestLine(texts, state)(request));
    if (preview.kind === 'group') io.out(texts.room.calledThere({ title: harmlessLine(preview.title) }));
    if (preview.topic) io.out(texts.room.about({ topic: harmlessLine(preview.topic) }));
  }
  for (const item of items)
    io.out(json ? jsonLine(itemJson(texts, item, preview, state)) : itemLine(texts, item, state));
}
