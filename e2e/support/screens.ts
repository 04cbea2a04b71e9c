import type { Person } from './page.ts';

/** Everybody whose page is needed to bring the interface into each of its screens. */
export interface Cast {
  readonly alice: Person;
  readonly bob: Person;
  readonly visitor: Person;
}

export interface Screen {
  readonly name: string;
  /** Brings somebody's page there; screens are visited in this order. @returns whose page shows it */
  visit(cast: Cast): Promise<Person>;
}

/** Every screen of the interface, in an order in which each can be reached from the one before. */
export const SCREENS: readonly Screen[] = [
  { name: 'welcome', visit: async ({ visitor }) => visitor },
  { name: 'people', visit: async ({ alice }) => alice },
  {
    name: 'conversation',
    async visit({ alice, bob }) {
      await alice.openDirect('Bob');
      await alice.send('Shall we meet at the harbour at eight?');
      await bob.openConversation('Alice');
      await bob.reads('Shall we meet at the harbour at eight?');
      await bob.send('Yes! I bring the maps: https://example.org/harbour');
      await bob.send('And coffee.');
      await alice.reads('And coffee.');
      await alice.send('Then I bring the cake. See you there.');
      await alice.reads('Then I bring the cake. See you there.');
      return alice;
    },
  },
  {
    name: 'details',
    async visit({ alice }) {
      await alice.openDetails();
      return alice;
    },
  },
  {
    name: 'new-group',
    async visit({ alice, bob }) {
      await alice.closeDetails();
      await bob.openNewGroup();
      return bob;
    },
  },
  {
    name: 'group',
    async visit({ bob }) {
      await bob.finishNewGroup('Harbour crew', ['Alice']);
      await bob.send('Everyone in one place.');
      await bob.reads('Everyone in one place.');
      return bob;
    },
  },
];
