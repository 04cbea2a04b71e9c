import { ClientError, type Engine, type Observable } from '@sotto/client';
import type { Io } from '../io.ts';
import { statusWords, whyNot } from '../text/words.ts';

const LONGEST_SYNC = 15_000;
const CONNECT_WITHIN = 10_000;

/** Waits until the condition holds. @returns false where time ran out or the person ended it */
export function holds(
  what: Observable<unknown>,
  condition: () => boolean,
  limits: { within: number; ended?: AbortSignal },
): Promise<boolean> {
  if (condition()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (result: boolean) => {
      stop();
      clearTimeout(timer);
      limits.ended?.removeEventListener('abort', abandon);
      resolve(result);
    };
    const abandon = () => finish(false);
    const stop = what.subscribe(() => {
      if (condition()) finish(true);
    });
    const timer = setTimeout(abandon, limits.within);
    limits.ended?.addEventListener('abort', abandon);
    if (limits.ended?.aborted) abandon();
  });
}

/**
 * Waits until this device has what the server has; offline, goes on with what rests here (E5).
 * @throws ClientError where the server no longer takes this device
 */
export async function catchUp(engine: Engine, { texts, note, ended }: Io): Promise<void> {
  const status = () => engine.state.connection.status;
  await holds(engine, () => status() !== 'connecting', { within: CONNECT_WITHIN, ended });
  const { connection } = engine.state;
  if (connection.status === 'refused') {
    throw new ClientError(whyNot(connection));
  }
  if (connection.status !== 'online') {
    note(texts.inside.behind({ status: statusWords(texts, connection) }));
    return;
  }
  await holds(engine, () => engine.state.caughtUp, { within: LONGEST_SYNC, ended });
}
