import type { Key } from 'ink';
import type { Edit } from './draft.ts';
import type { Mode } from './view.ts';

/** What a key means where the person is. */
export type Action =
  | Edit
  | { readonly type: 'quit' | 'help' | 'back' | 'switch' | 'open' | 'send' | 'retry' | 'command' }
  | { readonly type: 'choose' | 'go' | 'select'; readonly by: number }
  /** Upwards where `by` is positive. */
  | { readonly type: 'scroll'; readonly by: number }
  | { readonly type: 'do'; readonly what: 'reply' | 'edit' | 'delete' | 'react' | 'save' };

const CONTROL: Readonly<Record<string, Action>> = {
  c: { type: 'quit' },
  g: { type: 'help' },
  n: { type: 'go', by: 1 },
  p: { type: 'go', by: -1 },
  r: { type: 'retry' },
  s: { type: 'select', by: 0 },
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
export function actionsOf(input: string, key: Key, mode: Mode, page: number): Action[] {
  if (key.ctrl) {
    const editing = mode === 'write' || mode === 'prompt' ? EDITING[input] : undefined;
    const moving = mode === 'prompt' && input !== 'c' ? undefined : CONTROL[input];
    const action = moving ?? editing;
    return action ? [action] : [];
  }
  if (key.escape) return [{ type: 'back' }];
  if (mode === 'prompt') return inMessage(input, key);
  if (key.pageUp) return [{ type: 'scroll', by: page }];
  if (key.pageDown) return [{ type: 'scroll', by: -page }];
  if (mode === 'panel') return inPanel(input, key);
  if (key.tab) return [{ type: 'switch' }];
  if (mode === 'select') return inSelection(input, key);
  return mode === 'list' ? inList(input, key) : inMessage(input, key);
}

function inList(input: string, key: Key): Action[] {
  if (key.return || key.rightArrow) return [{ type: 'open' }];
  if (key.upArrow || input === 'k') return [{ type: 'choose', by: -1 }];
  if (key.downArrow || input === 'j') return [{ type: 'choose', by: 1 }];
  if (input === '?') return [{ type: 'help' }];
  if (input.startsWith('/')) return [{ type: 'command' }, ...inserted(input.slice(1))];
  return [];
}

function inPanel(input: string, key: Key): Action[] {
  if (key.upArrow || input === 'k') return [{ type: 'scroll', by: 1 }];
  if (key.downArrow || input === 'j') return [{ type: 'scroll', by: -1 }];
  return key.return || input === 'q' || input === '?' ? [{ type: 'back' }] : [];
}

const DEEDS: Readonly<Record<string, Action>> = {
  r: { type: 'do', what: 'reply' },
  e: { type: 'do', what: 'edit' },
  d: { type: 'do', what: 'delete' },
  '+': { type: 'do', what: 'react' },
  s: { type: 'do', what: 'save' },
  k: { type: 'select', by: -1 },
  j: { type: 'select', by: 1 },
};

function inSelection(input: string, key: Key): Action[] {
  if (key.upArrow) return [{ type: 'select', by: -1 }];
  if (key.downArrow) return [{ type: 'select', by: 1 }];
  if (key.return) return [{ type: 'do', what: 'reply' }];
  const action = DEEDS[input];
  return action ? [action] : [];
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
  return input === '' || key.meta ? [] : inserted(input);
}

/** Fast typing, or a terminal that lags, can bring text and Enter at once. */
const inserted = (input: string): Action[] =>
  input
    .split(/(\r)/)
    .filter((part) => part !== '')
    .map((part): Action => (part === '\r' ? { type: 'send' } : { type: 'insert', text: part }));
