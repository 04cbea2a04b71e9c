import type { Engine, Sotto } from '@sotto/client';
import { createNodeSotto } from '@sotto/client/node';
import { StorageError } from '../../packages/client/src/seams/index.ts';

/**
 * Somebody who says yes to whoever asks, and looks into every conversation at once: most tests are about people who know
 * each other (attack 48 has tests of its own, in which nobody does). They do it as their interface would.
 */
export function acquainted(engine: Engine): Engine {
  const done = new Set<string>();
  const once = (what: string, work: () => Promise<void>) => {
    if (done.has(what)) return;
    done.add(what);
    work().catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error; // the test closed the engine meanwhile
    });
  };
  const answer = () => {
    const { requests, order } = engine.state;
    for (const { room, header } of requests) once(header, () => engine.rooms.acceptRequest(room, header));
    for (const room of order) once(room, () => engine.messages.markRead(room, 0));
  };
  engine.subscribe(answer);
  answer();
  return engine;
}

/** The engine in Node, for people who are acquainted with everybody. */
export const acquaintedSotto = (options: Parameters<typeof createNodeSotto>[0]): Sotto =>
  acquaintedHere(createNodeSotto(options));

/** Whoever signs in here is acquainted with everybody. */
export function acquaintedHere(sotto: Sotto): Sotto {
  return {
    ...forwarded(sotto),
    createGuest: async (...args) => acquainted(await sotto.createGuest(...args)),
    createAccount: async (...args) => acquainted(await sotto.createAccount(...args)),
    signIn: async (...args) => acquainted(await sotto.signIn(...args)),
    recover: async (...args) => acquainted(await sotto.recover(...args)),
    reset: async (...args) => acquainted(await sotto.reset(...args)),
    resume: async (...args) => acquainted(await sotto.resume(...args)),
  };
}

const forwarded = (sotto: Sotto): Pick<Sotto, 'info' | 'profiles' | 'forget'> => ({
  info: () => sotto.info(),
  profiles: () => sotto.profiles(),
  forget: (account) => sotto.forget(account),
});
