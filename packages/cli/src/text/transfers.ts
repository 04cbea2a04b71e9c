import type { Transfer } from '@sotto/client';
import { failureWords } from '../session/problems.ts';
import type { Texts } from '../texts/texts.ts';
import { harmlessLine } from './harmless.ts';
import { sizeWords } from './sizes.ts';

const WIDTH = 20;

/** How far a file is, on one line. */
export function transferLine(t: Texts, transfer: Transfer, name: string): string {
  const { direction, state, done, total, rate, failure } = transfer;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.floor(share * WIDTH);
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  const moves = state === 'running' && rate > 0;
  const speed = moves
    ? `  ${sizeWords(rate)}/s  ${t.transfer.left({ time: timeWords((total - done) / rate) })}`
    : '';
  const why = failure ? `: ${failureWords(t, failure)}` : '';
  const halted = state === 'running' ? '' : `  ${t.transfer.states[state]}${why}`;
  const sign = direction === 'up' ? '↑' : '↓';
  const amount = t.transfer.amount({ share: Math.floor(share * 100), size: sizeWords(total) });
  return `${sign} ${harmlessLine(name)}  ${bar}  ${amount}${speed}${halted}`;
}

function timeWords(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
