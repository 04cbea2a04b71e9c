export const HELP = `Sotto in the terminal

  npm run cli -- [COMMAND] [--server URL] [--name NAME] [--dir FOLDER] [--json]

Without a command: full screen on a terminal; else lines are read from standard input.

Accounts
  signup [--guest]        a new account with a password; --guest: just a name, on this machine only
  signin                  this terminal becomes another device of your account
  recover                 signs in by the 24 words of the recovery phrase and sets a new password
  reset                   starts over with a code from the operator, where password, phrase and devices are gone
  restore FILE            brings an account back to a server without it, from a backup and the recovery phrase
  accounts                accounts on this machine
  password                sets or changes the account's password
  unlock                  after the password was changed elsewhere: opens the vault here again
  phrase                  makes a recovery phrase and shows it once
  takeback                somebody knows the password: signs out every other device and sets a new one
  backup FILE [--no-files]
                          all of the account in one file, locked with the recovery phrase
  restore-files FILE      brings files of a backup to the server that are not there
  export FILE             all that can be read here as a zip of readable files, without keys
  passphrase              sets, changes or takes away the passphrase that guards the keys on this machine
  signout                 takes this device off the account and erases what rests here

Talking (ROOM: the name of a group or a person, or a room's id)
  rooms, people           conversations; everybody on the server
  read ROOM [--limit N]   the last messages; --peek does not mark them as read
  send ROOM [TEXT]        without TEXT, or with -, sends what comes in on standard input; --reply POSITION
  send ROOM --file PATH … [--text CAPTION]
                          files as they are, with what cameras write into pictures
  files ROOM              its files, with the positions that save takes
  save ROOM POSITION [NAME] [--to FOLDER]
                          fetches a message's files, checks them to the last byte and saves them
  follow [ROOM]           prints what arrives until it is ended
  search WORDS            messages on this device that have all of them
  mute, unmute ROOM       whether it calls for attention
  retry, discard ROOM     what could not be sent: once more, or given up

Groups
  group make NAME [PERSON …] [--topic TEXT]
  members ROOM            who is in it
  group add ROOM PERSON …
  group remove ROOM PERSON
  group role ROOM PERSON admin|member
  group rename ROOM [NAME] [--topic TEXT]
  group rules ROOM [--add admin|member] [--history joined|all]
                          who may add people; what new members may read of the past
  group rekey ROOM        new keys now
  group leave ROOM
  invite make ROOM [--days N]
                          a link that lets its holder in, for 7 days
  invite show, join       what a link leads to; comes in by it. The link is asked for: it is a secret
  invite revoke ROOM      closes all of its links

Security
  safety PERSON           the 60 digits to compare with what the person sees
  verify PERSON [DIGITS]  compares them here; --compared: you have done it yourself
  unverify PERSON         takes that back
  accept PERSON           goes on with the person's new security key, without comparing
  devices                 the account's devices
  devices rename DEVICE NAME
  devices remove DEVICE … signs devices off; every conversation gets new keys
  notices                 what is to know; notices dismiss NUMBER|all

Options
  --server  address such as http://localhost:8080 (or SOTTO_SERVER); remembered per account
  --name    which account; else the one used last
  --dir     where keys and messages rest (or SOTTO_DIR); default: ~/.sotto
  --json    one JSON value per line

Passwords are asked without being shown; where standard input is no terminal, they are its first line.
SOTTO_PASSPHRASE holds the passphrase of the keys on this machine, where nobody can be asked.
Ends with 0 done, 1 failed, 2 wrong use, 3 stored and waiting for the connection.
`;

/** Commands on the full screen and among lines; those about a conversation mean the open one. */
export const CHAT_COMMANDS: readonly (readonly [string, string])[] = [
  ['/people, /rooms', 'who is here; your conversations'],
  ['/open NAME', 'the conversation with a person, or a group by its name'],
  ['/search WORDS', 'messages on this device'],
  ['/group NAME [PERSON …]', 'a new group; "quotes" hold a name with spaces together'],
  ['/members', 'who is in this group'],
  ['/add PERSON …, /remove PERSON', 'lets people in, takes somebody out'],
  ['/role PERSON admin|member', 'who may change the group'],
  ['/rename NAME, /topic TEXT', 'what the group is called, and is about'],
  ['/rules [--add …] [--history …]', 'admin|member may add people; new members read joined|all'],
  ['/rekey, /leave', 'new keys now; leave the group'],
  ['/invite [DAYS], /revoke', 'makes a link that lets its holder in; closes all links'],
  ['/preview LINK, /join LINK', 'what an invite link leads to; comes in by it'],
  ['/safety [PERSON]', 'the 60 digits to compare'],
  ['/verify [PERSON] DIGITS', 'compares them here; --compared: you have done it yourself'],
  ['/unverify, /accept [PERSON]', 'takes that back; goes on with a new security key'],
  ['/react POSITION EMOJI', 'the same again takes it back; /edit POSITION TEXT, /delete POSITION'],
  ['/file PATH … [--text CAPTION]', 'sends files as they are; /files lists those of this conversation'],
  ['/save POSITION [NAME]', 'saves the files of a message into the folder Sotto was started in'],
  ['/pause, /resume, /cancel', 'files on their way: held, let go on, given up'],
  ['/mute, /unmute', 'whether this conversation calls for attention'],
  ['/retry, /discard', 'what could not be sent: once more, or given up'],
  ['/devices, /notices', 'your devices; what is to know. /dismiss NUMBER|all'],
  ['/password, /phrase, /unlock', 'on the full screen: password, recovery phrase, vault'],
  ['/quit', 'ends'],
];

/** What the lines mode understands. */
export const CHAT_HELP = `Once inside:
${CHAT_COMMANDS.map(([command, what]) => `  ${command.padEnd(32)}${what}`).join('\n')}
  other lines are sent to the open conversation; // begins one with a slash
`;
