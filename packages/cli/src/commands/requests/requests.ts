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
  help: 'who would like to write to you, or brought you into a group; what one of them looks like',
  nothing: 'Nobody asks.',
  read: (line) => ({ number: line.maybe() }),
  async run(task) {
    const { state } = task.engine;
    const { number } = task.input;
    if (number !== null) return look(task, await requestCalled(task, number));
    return print(task, await requestsOf(task), requestJson(state), requestLine(state));
  },
});

/** What the other would like to be seen; looking tells them nothing. */
async function look({ engine, json, io }: Task, request: RoomRequest): Promise<void> {
  const { room, preview } = request;
  const items = (await openTimeline(engine, room)).state.items.slice(-SHOWN);
  if (!json) {
    io.out(requestLine(engine.state)(request));
    if (preview.kind === 'group') io.out(`They call it: ${harmlessLine(preview.title)}`);
    if (preview.topic) io.out(`About: ${harmlessLine(preview.topic)}`);
  }
  for (const item of items)
    io.out(json ? jsonLine(itemJson(item, preview, engine.state)) : itemLine(item, engine.state));
}
