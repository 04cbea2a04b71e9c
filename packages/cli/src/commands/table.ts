import type { Texts } from '../texts/texts.ts';
import { accounts, passphrase } from './accounts/accounts.ts';
import { recover, reset, signin, signup } from './accounts/arrive.ts';
import { chat } from './accounts/chat.ts';
import { devices, dismissNotices, notices, removeDevices, rename, renameDevice } from './accounts/devices.ts';
import { exportData } from './accounts/export.ts';
import { password, phrase, takeback, unlock } from './accounts/password.ts';
import { signout } from './accounts/signout.ts';
import { type Command, slashOf } from './command.ts';
import { people, rooms, search } from './conversations/lists.ts';
import { discard, mute, retry, unmute } from './conversations/settings.ts';
import { help, open, quit } from './conversations/stage.ts';
import { cancel, files, pause, resume } from './files/files.ts';
import { save } from './files/save.ts';
import { file } from './files/send-files.ts';
import { leave, makeGroup, rekey } from './groups/make.ts';
import { addMembers, members, removeMember, setRole } from './groups/members.ts';
import { renameGroup, setRules, setTopic } from './groups/rules.ts';
import { joinInvite, showInvite } from './invites/join.ts';
import { makeInvite, revokeInvites } from './invites/make.ts';
import { edit, react, remove } from './messages/change.ts';
import { follow } from './messages/follow.ts';
import { read } from './messages/read.ts';
import { send } from './messages/send.ts';
import { acceptKey } from './people/accept-key.ts';
import { safety } from './people/safety.ts';
import { unverify, verify } from './people/verify.ts';
import { accept, decline } from './requests/answer.ts';
import { block, blocked, unblock } from './requests/block.ts';
import { requests } from './requests/requests.ts';

/** Commands as help shows them, in its order. */
export const SECTIONS: readonly (readonly [title: keyof Texts['sections'], commands: readonly Command[]])[] =
  [
    [
      'accounts',
      [
        ...[chat, signup, signin, recover, reset, accounts, password, unlock, phrase, takeback],
        ...[exportData, passphrase, signout, rename],
      ],
    ],
    ['talking', [rooms, people, read, send, follow, search, files, save, mute, unmute, retry, discard]],
    ['requests', [requests, accept, decline, block, unblock, blocked]],
    [
      'groups',
      [
        ...[makeGroup, members, addMembers, removeMember, setRole, renameGroup, setRules, rekey, leave],
        ...[makeInvite, showInvite, joinInvite, revokeInvites],
      ],
    ],
    [
      'security',
      [
        ...[safety, verify, unverify, acceptKey, devices, renameDevice, removeDevices],
        ...[notices, dismissNotices],
      ],
    ],
  ];

/** Commands of the command line. */
export const PLAIN: readonly Command[] = SECTIONS.flatMap(([, commands]) => commands);

/** Commands that are typed into a client that runs: those with a slash, and some that nothing else has. */
export const TYPED: readonly Command[] = [
  ...[...PLAIN.filter(slashOf), open, setTopic, react, edit, remove],
  ...[file, pause, resume, cancel, help, quit],
];
