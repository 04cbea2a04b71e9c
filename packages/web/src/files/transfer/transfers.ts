import type { Transfer } from '@sotto/client';
import type { Texts } from '../../texts/texts.ts';
import { secondsLeft, shareWords } from '../measure.ts';

/** Several transfers of one message told as one. */
export interface Progress {
  readonly direction: Transfer['direction'];
  readonly state: Transfer['state'];
  readonly done: number;
  readonly total: number;
  readonly rate: number;
  readonly failure: Transfer['failure'];
}

/** In what order a state of one file is the state of all. */
const WEIGHT: readonly Transfer['state'][] = ['failed', 'paused', 'running', 'sealing', 'waiting'];

/** @returns null where nothing is under way */
export function together(transfers: readonly Transfer[], arrived = 0): Progress | null {
  const [first] = transfers;
  if (!first) return null;
  const state = WEIGHT.find((candidate) => transfers.some((one) => one.state === candidate)) ?? first.state;
  const sum = (pick: (one: Transfer) => number) => transfers.reduce((total, one) => total + pick(one), 0);
  return {
    direction: first.direction,
    state,
    done: sum((one) => one.done) + arrived,
    total: sum((one) => one.total) + arrived,
    rate: sum((one) => (one.state === 'running' || one.state === 'sealing' ? one.rate : 0)),
    failure: transfers.find((one) => one.failure !== null)?.failure ?? null,
  };
}

export function stateWords(
  texts: Texts,
  { direction, state }: Pick<Progress, 'direction' | 'state'>,
): string {
  const t = texts.transfer;
  switch (state) {
    case 'sealing':
      return t.sealing;
    case 'waiting':
      return direction === 'up' ? t.waitingUp : t.waitingDown;
    case 'running':
      return direction === 'up' ? t.up : t.down;
    case 'paused':
      return t.paused;
    case 'failed':
      return direction === 'up' ? t.failedUp({ reason: '' }) : t.failedDown({ reason: '' });
  }
}

/** `3.4 MB of 120 MB · 5 MB/s · 20 seconds left`, as far as known. */
export function progressWords(texts: Texts, { done, total, rate, state }: Progress): string {
  const t = texts.transfer;
  const [part, whole] = shareWords(texts, done, total);
  const parts = [t.of({ done: part, total: whole })];
  if (state === 'running' || state === 'sealing') {
    if (rate > 0) parts.push(t.rate({ rate: texts.local.size(rate) }));
    const left = secondsLeft(done, total, rate);
    if (left !== null) parts.push(leftWords(texts, left));
  }
  return parts.join(' · ');
}

function leftWords(texts: Texts, seconds: number): string {
  const t = texts.transfer;
  if (seconds < 90) return t.seconds({ count: seconds });
  if (seconds < 5_400) return t.minutes({ count: Math.round(seconds / 60) });
  return t.hours({ count: Math.round(seconds / 3_600) });
}

/** Which quarter has been reached: what is spoken, and not every percent. */
export const quarterOf = ({ done, total }: Pick<Progress, 'done' | 'total'>): number =>
  total === 0 ? 0 : Math.floor((done / total) * 4) * 25;
