import { describe, expect, it } from 'vitest';
import { recordStart, startSafely } from '../src/contain/start-record.ts';

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    kept,
  };
}

/** A browser with one store for all tabs. */
function browser() {
  const kept = memory();
  return {
    kept,
    tab() {
      const own = memory();
      return {
        start() {
          const leave: (() => void)[] = [];
          const record = recordStart(kept, own, (listener) => leave.push(listener));
          return { record, leave: () => leave.forEach((listener) => void listener()) };
        },
      };
    },
  };
}

describe('[attack 41] how the starts of the page went', () => {
  it('two that failed make the next one safe; one that succeeds ends it', () => {
    const tab = browser().tab();
    tab.start().record.failed();
    expect(tab.start().record.safe).toBe(false);
    tab.start().record.failed();
    const third = tab.start();
    expect(third.record.safe).toBe(true);
    third.record.succeeded();
    third.leave();
    expect(tab.start().record.safe).toBe(false);
  });

  it('a start that never came to its end counts as one that failed', () => {
    const tab = browser().tab();
    tab.start();
    tab.start();
    expect(tab.start().record.safe).toBe(true);
  });

  it('a page that is left or reloaded while it starts did not fail, nor did tabs that start together', () => {
    const shared = browser();
    const tab = shared.tab();
    for (let times = 0; times < 5; times += 1) tab.start().leave();
    const tabs = Array.from({ length: 5 }, () => shared.tab().start());
    expect(tab.start().record.safe).toBe(false);
    for (const { record } of tabs) record.succeeded();
    expect([...shared.kept.kept.keys()]).toEqual([]);
  });

  it('can be asked for, and anything else that is stored there does no harm', () => {
    const shared = browser();
    const tab = shared.tab();
    const { record, leave } = tab.start();
    startSafely(record);
    leave();
    expect(tab.start().record.safe).toBe(true);
    shared.kept.setItem('sotto.failed-starts', 'x');
    expect(shared.tab().start().record.safe).toBe(false);
  });
});
