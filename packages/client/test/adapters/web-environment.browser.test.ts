import { broadcastTabs } from '../../src/broadcast-tabs.ts';
import { webLocks } from '../../src/browser/web-locks.ts';
import { describeLocks } from './locks-contract.ts';
import { describeTabs } from './tabs-contract.ts';

describeLocks('Web Locks', webLocks);
describeTabs('BroadcastChannel', (account) => broadcastTabs(new BroadcastChannel(`sotto-${account}`)));
