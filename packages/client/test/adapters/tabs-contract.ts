import { afterEach, describe, expect, it } from 'vitest';
import type { TabChange, Tabs } from '../../src/seams/environment.ts';

/** What all tabs must do; `makeTabs` gives a new member of the account each time. */
export function describeTabs(name: string, makeTabs: (account: string) => Tabs): void {
  describe(`tabs contract: ${name}`, () => {
    const members: Tabs[] = [];
    const join = (account: string) => {
      const member = makeTabs(account);
      members.push(member);
      return member;
    };
    /** Collects what is heard; `until` waits for so many changes. */
    const listen = (to: Tabs) => {
      const heard: TabChange[] = [];
      let wake = () => {};
      const stop = to.onChange((change) => {
        heard.push(change);
        wake();
      });
      const until = async (count: number) => {
        while (heard.length < count) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      };
      return { heard, stop, until };
    };
    afterEach(() => {
      for (const member of members.splice(0)) member.close();
    });

    it('[E4] tells all others of the account, in order, and not the one who spoke', async () => {
      const [speaker, second, third] = [join('a'), join('a'), join('a')];
      const [own, others] = [listen(speaker), [listen(second), listen(third)]];
      const changes: TabChange[] = [
        { type: 'room', room: 'r' },
        { type: 'outbox', room: 'r' },
        { type: 'people' },
        { type: 'erased' },
      ];
      for (const change of changes) speaker.announce(change);
      for (const other of others) {
        await other.until(4);
        expect(other.heard).toEqual(changes);
      }
      second.announce({ type: 'people' });
      await own.until(1);
      expect(own.heard).toEqual([{ type: 'people' }]);
    });

    it('keeps accounts apart', async () => {
      const [speaker, same, other] = [join('a'), join('a'), join('b')];
      const [heard, elsewhere] = [listen(same), listen(other)];
      speaker.announce({ type: 'people' });
      await heard.until(1);
      // What `other` hears last proves that nothing came before it.
      join('b').announce({ type: 'erased' });
      await elsewhere.until(1);
      expect(elsewhere.heard).toEqual([{ type: 'erased' }]);
    });

    it('is silent after unsubscribing and after closing', async () => {
      const [speaker, listener, closing, witness] = [join('a'), join('a'), join('a'), join('a')];
      const [stopped, kept, closed, seen] = [
        listen(listener),
        listen(listener),
        listen(closing),
        listen(witness),
      ];
      stopped.stop();
      closing.close();
      closing.announce({ type: 'erased' });
      speaker.announce({ type: 'people' });
      await Promise.all([kept.until(1), seen.until(1)]);
      expect(stopped.heard).toEqual([]);
      expect(closed.heard).toEqual([]);
      expect(seen.heard).toEqual([{ type: 'people' }]);
    });
  });
}
