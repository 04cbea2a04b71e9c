import type { Engine } from '@sotto/client';
import type { AccountId } from '@sotto/protocol';
import { harmlessLine } from '../../text/harmless.ts';
import { requestNumber } from '../../text/words.ts';
import { UsageError } from '../usage-error.ts';

/** A conversation of two that somebody asked for is opened by answering, not by passing. @throws UsageError */
export function demandAnswered({ state }: Engine, account: AccountId): void {
  const request = state.requests.find(({ by, kind }) => by === account && kind === 'direct');
  if (!request) return;
  const number = requestNumber(request);
  throw new UsageError((t) => t.wrong.answerFirst({ name: harmlessLine(request.name), number }));
}
