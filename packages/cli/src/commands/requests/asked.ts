import type { RoomRequest } from '@sotto/client';
import { requestNumber } from '../../text/words.ts';
import type { Task } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { holds } from '../wait.ts';

const ARRIVE_WITHIN = 10_000;

/** Attack 48: who would like this person in a conversation, once that was read. */
export async function requestsOf({ engine, io }: Task): Promise<readonly RoomRequest[]> {
  if (engine.state.connection.status === 'online')
    await holds(engine, () => engine.state.requestsRead, { within: ARRIVE_WITHIN, ended: io.ended });
  return engine.state.requests;
}

/** Attack 48: the number is of the very header that was shown. @throws UsageError where it is not one request */
export async function requestCalled(task: Task, number: string): Promise<RoomRequest> {
  const wanted = number.toLowerCase();
  const all = await requestsOf(task);
  const [found, another] = all.filter((request) => requestNumber(request, wanted.length) === wanted);
  if (found && !another && wanted.length >= 4) return found;
  throw new UsageError((t) => t.wrong.noRequest({ number }));
}
