import { ClientError, type Profile, type SetupStep, type Sotto } from '@sotto/client';
import { DemoEngine } from './demo-engine.ts';
import { demoInfo } from './demo-info.ts';
import { account, key } from './ids.ts';

const GUEST: readonly SetupStep[] = [
  'identity',
  'device',
  'exchange-rsa',
  'exchange-mlkem',
  'registering',
  'opening',
];
const PASSWORD: readonly SetupStep[] = [
  'identity',
  'device',
  'exchange-rsa',
  'exchange-mlkem',
  'password',
  'vault',
  'registering',
  'opening',
];

const profile = (name: string, kind: Profile['kind']): Profile => ({
  account: account(name),
  name,
  kind,
  identity: key(name),
  lastUsed: Date.now(),
});

/** A client whose server is a few maps in this page. */
export function createDemoSotto({ as, query }: { as: string; query: URLSearchParams }): Sotto {
  const slow = query.has('slow') ? 1_200 : 60;
  const known =
    as === 'new'
      ? []
      : [
          profile(as === 'stored' ? 'Alice' : as, query.has('account') ? 'password' : 'guest'),
          profile('Work me', 'password'),
        ];
  const open = (name: string, kind: Profile['kind'], alone = false) => {
    const engine = new DemoEngine(name, kind, {
      alone: alone || query.has('alone'),
      quiet: query.has('quiet'),
      online: query.get('state') ?? 'online',
    });
    Object.assign(globalThis, { demo: engine });
    return engine;
  };
  const make = async (
    name: string,
    kind: Profile['kind'],
    steps: readonly SetupStep[],
    onStep?: (step: SetupStep) => void,
  ) => {
    for (const step of steps) {
      onStep?.(step);
      await new Promise((resolve) => setTimeout(resolve, slow));
    }
    if (name === 'taken') throw new ClientError('name_taken');
    if (name === 'forged') throw new ClientError('verification', { rule: 'K3' });
    return open(name, kind);
  };
  return {
    async info() {
      if (query.has('down')) throw new ClientError('unreachable');
      return demoInfo({ registration: query.has('closed') ? 'closed' : 'open' });
    },
    profiles: async () => known,
    createGuest: (name, onStep) => make(name, 'guest', GUEST, onStep),
    createAccount: (name, _password, onStep) => make(name, 'password', PASSWORD, onStep),
    signIn: async (name, password, onStep) => {
      if (password === 'wrong') throw new ClientError('bad_login');
      return make(name, 'password', PASSWORD, onStep);
    },
    recover: async (who, onStep) => {
      if (who.name === 'wrong') throw new ClientError('bad_phrase');
      return make(who.name, 'password', PASSWORD, onStep);
    },
    reset: async (who, onStep) => {
      if (/^0+$/.test(who.code.replaceAll('-', ''))) throw new ClientError('bad_code');
      return make(who.name, 'password', PASSWORD, onStep);
    },
    resume: async (id) => {
      const found = known.find((p) => p.account === id);
      if (!found) throw new ClientError('not_here');
      return open(found.name, found.kind, found.name === 'alone');
    },
    async forget() {
      known.splice(0, 1);
    },
  };
}
