import { broadcastSiblings } from '../../src/broadcast-siblings.ts';
import { webLocks } from '../../src/browser/web-locks.ts';
import { describeLocks } from './locks-contract.ts';
import { describeSiblings } from './siblings-contract.ts';

describeLocks('Web Locks', webLocks);
describeSiblings('BroadcastChannel', (account) =>
  broadcastSiblings(new BroadcastChannel(`sotto-${account}`)),
);
