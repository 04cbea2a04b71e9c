import type { Key } from 'ink';
import type { Edit } from './draft.ts';

/** What a key means where the person is. */
export type Action =
  | Edit
  | { readonly type: 'quit' | 'help' | 'back' | 'switch' | 'open' | 'send' | 'retry' }
  | { readonly type: 'choose' | 'go'; readonly by: number }
  /** Upwards where `by` is positive. */
  | { readonly type: 'scroll'; readonly by: number };

/** Where keys go. */
export type Focus = 'list' | 'write';

const CONTROL: Readonly<Record<string, Action>> = {
  c: { type: 'quit' },
  g: { type: 'help' },
  n: { type: 'go', by: 1 },
  p: { type: 'go', by: -1 },
  r: { type: 'retry' },
};

const EDITING: Readonly<Record<string, Action>> = {
  a: { type: 'start' },
  e: { type: 'end' },
  w: { type: 'erase-word' },
  u: { type: 'erase-line' },
  j: { type: 'insert', text: '\n' },
  b: { type: 'left' },
  f: { type: 'right' },
};

/** @param page lines that PgUp and PgDn move by */
export function actionsOf(input: string, key: Key, focus: Focus, page: number): Action[] {
  if (key.ctrl) {
    const action = CONTROL[input] ?? (focus === 'write' ? EDITING[input] : undefined);
    return action ? [action] : [];
  }
  if (key.escape) return [{ type: 'back' }];
  if (key.tab) return [{ type: 'switch' }];
  if (key.pageUp) return [{ type: 'scroll', by: page }];
  if (key.pageDown) return [{ type: 'scroll', by: -page }];
  return focus === 'list' ? inList(input, key) : inMessage(input, key);
}

function inList(input: string, key: Key): Action[] {
  if (key.return || key.rightArrow) return [{ type: 'open' }];
  if (key.upArrow || input === 'k') return [{ type: 'choose', by: -1 }];
  if (key.downArrow || input === 'j') return [{ type: 'choose', by: 1 }];
  if (input === '?') return [{ type: 'help' }];
  return [];
}

function inMessage(input: string, key: Key): Action[] {
  if (key.return) return [key.meta ? { type: 'insert', text: '\n' } : { type: 'send' }];
  if (key.upArrow) return [{ type: 'scroll', by: 1 }];
  if (key.downArrow) return [{ type: 'scroll', by: -1 }];
  if (key.leftArrow) return [{ type: 'left' }];
  if (key.rightArrow) return [{ type: 'right' }];
  if (key.home) return [{ type: 'start' }];
  if (key.end) return [{ type: 'end' }];
  if (key.backspace || key.delete) return [{ type: 'erase' }];
  if (input === '' || key.meta) return [];
  // Fast typing, or a terminal that lags, can bring text and Enter at once.
  return input
    .split(/(\r)/)
    .filter((part) => part !== '')
    .map((part): Action => (part === '\r' ? { type: 'send' } : { type: 'insert', text: part }));
}
