/** What commands ask, answer and refuse, and help. */
export const session = {
  help: `Sotto in the terminal

  npm run cli -- [COMMAND] [--server URL] [--name NAME] [--dir FOLDER] [--json]

Without a command: full screen on a terminal; else lines are read from standard input.

{sections}

Options
  --server  address such as http://localhost:8080 (or SOTTO_SERVER); remembered per account
  --name    which account; else the one used last
  --dir     where keys and messages rest (or SOTTO_DIR); default: ~/.sotto
  --json    one JSON value per line

Passwords are asked without being shown; where standard input is no terminal, they are its first line.
SOTTO_PASSPHRASE holds the passphrase of the keys on this machine, where nobody can be asked.
Ends with 0 done, 1 failed, 2 wrong use, 3 stored and waiting for the connection.
`,
  inside: {
    help: 'Once inside:\n{commands}\n  other lines are sent to the open conversation; // begins one with a slash',
    youAre: 'You are {name}. /help lists what you can do.',
    noneOpen: 'No conversation is open; /people lists who is here, /open NAME opens one.',
    done: 'Done.',
    connection: {
      online: 'online',
      connecting: 'connecting',
      offline: 'offline: {why}',
      refused: 'refused: {why}',
    },
    following: 'following',
    behind: '{status} What follows is what rests here.',
    stored: 'Stored, and not sent yet: it goes out the next time Sotto is online here.',
    otherEnded: 'The other process that uses this account ended meanwhile.',
    stopped: 'Stopped. What has arrived is kept for the next try.',
  },
  /** Where the words of a command do not fit together, or cannot mean anything. */
  wrong: {
    expected: 'expected: {usage}',
    nothingExpected: '{words}: nothing was expected here',
    oneOf: '{name}: expected {choices}',
    number: '{name}: expected a number from 1',
    numberUpTo: '{name}: expected a number from 1 to {most}',
    or: '{some} or {last}',
    option: '{option}: there is no such option here, or it takes another value',
    noCommand: '{name}: there is no such command',
    noTyped: '/{name}: there is no such command; /help lists them. // begins a message with a slash.',
    openFirst: '/{name}: open a conversation first.',
    openToWrite: 'Open a conversation to write into it.',
    missing: 'Something is missing behind the command; /help lists what each takes.',
    server: '--server: expected an address such as http://localhost:8080',
    name: '--name: expected your name',
    oneToThree: '{choice}: expected 1, 2 or 3',
    line: '{question}: expected a line on standard input',
    differ: 'These two differ. Nothing was done.',
    nothingDone: 'Nothing was done.',
    several: '{name}: several are called so. Name one by its id: {choices}',
    severalPeople: '{name}: several people are called so.',
    nobody: '{name}: nobody is called so; people lists who is here.',
    neither: 'Nobody and no group is called {name}; people and rooms list them.',
    noRoom: '{name}: no conversation is called so; rooms lists them.',
    noDevice: '{name}: no such device; devices lists them.',
    severalDevices: '{name}: several devices match; devices lists them.',
    noNotice: '{number}: there is no such notice; notices lists them.',
    noRequest: '{number}: there is no such request; requests lists them.',
    noBlocked: '{name}: nobody of those you blocked; blocked lists them.',
    severalBlocked: '{name}: several of those you blocked; blocked lists them.',
    noFile: 'no file of {position} is called {name}; files lists them.',
    noFiles: '{position} has no files here; files lists them.',
    answerFirst: '{name} would like to write to you: requests {number} shows it, accept {number} takes it.',
    nothingToSend: 'There is nothing to send.',
    linkIsSecret: 'An invite link is a secret. Say {usage} alone: the link is asked for.',
    link: 'Invite link: expected one that ends with #/join/ and its secret',
    leave: 'You keep what is here and cannot read what comes after. /leave now does it.',
    digits: 'Safety number: expected 60 digits, got {count}',
    noAccount: 'No account rests here yet.',
    notSignedIn: '{name} is not signed in here. signin or signup comes first; accounts lists who is.',
    nobodySignedIn: 'Nobody is signed in here. signin or signup comes first; accounts lists who is.',
    taken: 'Another terminal uses this account right now. End it first.',
    noFileInMessage: 'There is no file in this message.',
    onlyOwn: 'Only your own messages can be edited and deleted.',
  },
  /** What cannot be done as things stand. */
  undone: {
    ofTwo: '{title}: a conversation of two has no members to change.',
    cannotLook: '{path} cannot be looked at.',
    sameKey: 'The security key of {name} did not change.',
    noKey: 'There is no key of {name} yet.',
    oldDigits:
      'These digits are of the key of {name} you knew. There is another by now: safety shows its number.',
    otherDigits:
      'These are not the same digits. Look at them again; where they stay different, somebody may sit between you and {name}.',
    byRule: '{what} (rule {rule})',
  },
  ask: {
    name: 'Name',
    password: 'Password',
    ownPassword: 'Password, at least 8 characters',
    newPassword: 'New password, at least 8 characters',
    phrase: 'Recovery phrase, 24 words',
    code: 'Code from the operator',
    passphrase: 'Passphrase of the keys on this machine',
    newPassphrase: 'New passphrase (empty: none)',
    onceMore: 'Once more',
    link: 'Invite link',
    digitsTheySee: 'The 60 digits that {person} sees',
    digitsShown: 'The 60 digits that safety {person} shows here',
    firstTime:
      'Nobody has signed in here yet.\n  1  I have an account\n  2  I am new\n  3  Just a name, no password',
    oneToThree: '1, 2 or 3',
    typeName: 'Type {name} to go on',
  },
  accounts: {
    youAre: 'You are {name}.',
    line: '{name} ({kind, select, guest {just a name} other {with a password}}) at {server}',
    unknownServer: 'an unknown server',
    openWithPassphrase: 'The keys here open with the passphrase only.',
    openForReaders: 'The keys here open for whoever can read the folder.',
    startsOver:
      'The account starts over under its name: history and groups do not come back, and others are warned.',
    passwordSet: 'The password is set. Sign in with it on other devices.',
    vaultOpen: 'The vault is open here again.',
    takesBack:
      'Every other device is signed out, and the recovery phrase counts no more. Make a new one afterwards.',
    tookBack: 'Only this device is left. Every conversation has new keys.',
    phrase: 'Write these words down. They are not shown again, and they take the place of any before.',
    lastOfGuest: 'This account is just a name: once signed out, nobody can sign in to it again.',
    exported: '{done} of {total}',
    making: 'making keys: {step}',
    steps: {
      identity: 'your identity key',
      device: 'the signing key of this device',
      'exchange-rsa': 'the RSA-3072 half of the exchange key',
      'exchange-mlkem': 'the ML-KEM-768 half of the exchange key',
      password: 'proving the password without sending it',
      work: 'somebody tried many passwords for this name, so this takes a moment',
      vault: 'your vault',
      registering: 'telling the server your name and public keys',
      opening: 'opening your conversations',
    },
  },
  invites: {
    joining: 'Joining {group}',
    made: 'Whoever holds this link can come in. It is not shown again.',
  },
  safety: {
    replaces: 'This is of the new key of {name}. Of the key you knew it is:\n{number}',
    compare: 'Compare with what {name} sees, side by side or in a call: the same 60 digits.',
    trust: '{name}: {trust}',
  },
} as const;
