import { type Logger, pino } from 'pino';
import type { ServerConfig } from '../config.ts';

/** Log lines say what happened, never to whom: no addresses, ids, bodies or tokens. */
export function createLog({ logLevel, logTo }: Pick<ServerConfig, 'logLevel' | 'logTo'>): Logger {
  const options = {
    level: logLevel,
    base: null,
    serializers: { err: describeError },
  };
  return logTo ? pino(options, logTo) : pino(options);
}

/** Name and place. A message can quote input, so it stays out unless the platform wrote it. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    stack: frames.slice(0, 12).map((line) => line.trim()),
  };
}
