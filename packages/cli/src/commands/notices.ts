import type { Engine } from '@sotto/client';
import { type Asked, UsageError } from '../requests.ts';
import { noticeJson } from '../text/json.ts';
import { noticeLine } from '../text/words.ts';
import { EXIT, type Exit, print, type Task } from './task.ts';

/** What is to know beside the conversations, numbered from the oldest; put away by the number. */
export async function notices(task: Task<Asked<'notices' | 'dismiss'>>): Promise<Exit> {
  const { engine, request } = task;
  if (request.command === 'dismiss') {
    for (const id of chosen(engine, request.notice)) await engine.dismissNotice(id);
    return EXIT.done;
  }
  const numbered = engine.state.notices.map((notice, index) => ({ notice, number: index + 1 }));
  return print(
    task,
    numbered,
    ({ notice, number }) => noticeJson(notice, number),
    ({ notice, number }) => `${number}  ${noticeLine(notice, engine.state)}`,
  );
}

function chosen({ state }: Engine, text: string): string[] {
  if (text === 'all') return state.notices.map(({ id }) => id);
  const notice = state.notices.find(({ id }, index) => id === text || String(index + 1) === text);
  if (!notice) throw new UsageError(`${text}: there is no such notice; notices lists them.`);
  return [notice.id];
}
