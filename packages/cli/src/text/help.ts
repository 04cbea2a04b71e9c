export const HELP = `Sotto in the terminal

  npm run cli -- [COMMAND] [--server URL] [--name NAME] [--dir FOLDER] [--json]

Without a command: full screen on a terminal; else lines are read from standard input.

Accounts
  signup [--guest]        a new account with a password; --guest: just a name, on this machine only
  signin                  this terminal becomes another device of your account
  recover                 signs in by the 24 words of the recovery phrase and sets a new password
  accounts                accounts on this machine
  password                sets or changes the account's password
  unlock                  after the password was changed elsewhere: opens the vault here again
  phrase                  makes a recovery phrase and shows it once
  passphrase              sets, changes or takes away the passphrase that guards the keys on this machine
  signout                 takes this device off the account and erases what rests here

Talking (ROOM: the name of a group or a person, or a room's id)
  rooms, people           conversations; everybody on the server
  read ROOM [--limit N]   the last messages; --peek does not mark them as read
  send ROOM [TEXT]        without TEXT, or with -, sends what comes in on standard input
  follow [ROOM]           prints what arrives until it is ended
  devices                 the account's devices
  devices rename DEVICE NAME
  devices remove DEVICE … signs devices off; every conversation gets new keys

Options
  --server  address such as http://localhost:8080 (or SOTTO_SERVER); remembered per account
  --name    which account; else the one used last
  --dir     where keys and messages rest (or SOTTO_DIR); default: ~/.sotto
  --json    one JSON value per line

Passwords are asked without being shown; where standard input is no terminal, they are its first line.
SOTTO_PASSPHRASE holds the passphrase of the keys on this machine, where nobody can be asked.
Ends with 0 done, 1 failed, 2 wrong use, 3 stored and waiting for the connection.
`;

/** What the lines mode understands. */
export const CHAT_HELP = `Once inside:
  /people     who is here
  /rooms      your conversations
  /open NAME  opens the conversation with a person, or a group by its name
  /quit       ends
  other lines are sent to the open conversation
`;
