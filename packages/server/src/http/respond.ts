import { REFUSALS } from '@sotto/protocol';
import { asRefused, Refused, refusalBody } from '../refusal.ts';
import type { Service } from '../service.ts';

/** JSON that no cache keeps. */
export function json(status: number, value: unknown): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

/** D7: every failure as a refusal; what is not expected is logged without what caused it. */
export function failure({ log, metrics }: Pick<Service, 'log' | 'metrics'>, error: unknown): Response {
  const refused = asRefused(error);
  metrics.refused(refused?.code ?? 'internal');
  if (!refused) log.error({ err: error }, 'a request failed');
  const { code, details } = refused ?? {};
  const answer = json(REFUSALS[code ?? 'internal'][0], refusalBody(refused ?? new Refused('internal')));
  if (details?.wait) answer.headers.set('retry-after', String(Math.ceil(details.wait / 1_000)));
  if (code === 'too_large') answer.headers.set('connection', 'close');
  return answer;
}
