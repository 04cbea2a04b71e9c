import { account } from './account.ts';
import { conversation } from './conversation.ts';
import { files } from './files.ts';
import { people } from './people.ts';
import { requests } from './requests.ts';
import { settings } from './settings.ts';

/** Everything that is said once an account is open. */
export const opened = { ...account, ...requests, ...files, ...people, ...conversation, ...settings } as const;
