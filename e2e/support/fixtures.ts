import { type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { Person } from './page.ts';
import { type ServerProcess, startServerProcess } from './server.ts';
import { type Watch, watchPages } from './watch.ts';

interface Fixtures {
  /** A server of the test's own. */
  readonly server: ServerProcess;
  /** Fails the test on console errors, policy violations and requests to other origins. */
  readonly watch: Watch;
  /** Somebody in a browser context of their own, signed up as a guest through the page. */
  readonly person: (name: string, options?: BrowserContextOptions) => Promise<Person>;
  /** Somebody whose page is open and who has not signed up. */
  readonly visitor: (options?: BrowserContextOptions) => Promise<Person>;
}

export const test = base.extend<Fixtures>({
  server: async ({ browserName: _browser }, use) => {
    const server = await startServerProcess();
    await use(server);
    await server.end();
  },
  watch: async ({ server }, use) => {
    const watch = watchPages(() => server.origin);
    await use(watch);
    expect(watch.problems, 'nothing went wrong in the pages unnoticed').toEqual([]);
  },
  visitor: async ({ browser, server, watch }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    let count = 0;
    await use(async (options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      count += 1;
      await watch.attach(context, `person ${count}`);
      const page = await context.newPage();
      await page.goto(server.origin);
      return new Person(page);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  person: async ({ visitor }, use) => {
    await use(async (name, options) => {
      const person = await visitor(options);
      await person.signUp(name);
      return person;
    });
  },
});

export { expect };
