import type { Transfer } from '@sotto/client';
import { harmlessLine } from './harmless.ts';
import { sizeWords } from './sizes.ts';

const WIDTH = 20;

/** How far a file is, on one line. */
export function transferLine(transfer: Transfer, name: string): string {
  const { direction, state, done, total, rate, failure } = transfer;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.floor(share * WIDTH);
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  const moves = state === 'running' && rate > 0;
  const speed = moves ? `  ${sizeWords(rate)}/s  ${timeWords((total - done) / rate)} left` : '';
  const why = failure ? `: ${harmlessLine(failure.reason)}` : '';
  const halted = state === 'running' ? '' : `  ${STATES[state]}${why}`;
  const sign = direction === 'up' ? '↑' : '↓';
  const amount = `${Math.floor(share * 100)} % of ${sizeWords(total)}`;
  return `${sign} ${harmlessLine(name)}  ${bar}  ${amount}${speed}${halted}`;
}

const STATES = {
  sealing: 'encrypting',
  waiting: 'waiting',
  paused: 'paused',
  failed: 'failed',
} as const;

function timeWords(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
