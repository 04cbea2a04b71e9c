const plural = (count: number, one: string, other: string): string => `${count} ${count === 1 ? one : other}`;

/** Texts about the account and its devices: password, recovery phrase, vault, devices, storage, verification. */
export const enAccount = {
  recover: {
    forgot: 'Forgot your password?',
    title: 'Sign in with your recovery phrase',
    text: 'Your 24 words open your account without the password. Choose a new one; the words stay valid.',
    phrase: 'Recovery phrase',
    phraseHint: '24 words in their order. Numbers and line breaks between them do not matter.',
    password: 'New password',
    passwordHint: 'At least 8 characters. It replaces the forgotten one.',
    submit: 'Sign in and set the password',
    back: 'Back to signing in',
    missing: 'Enter your recovery phrase.',
    count: (found: number) =>
      found < 24
        ? `These are ${plural(found, 'word', 'words')}; a phrase has 24. ${24 - found} missing.`
        : `These are ${found} words; a phrase has 24. ${found - 24} too many.`,
    unknown: (words: string, several: boolean) =>
      several
        ? `${words} stand in no phrase. Check how they are spelt.`
        : `${words} stands in no phrase. Check how it is spelt.`,
    without:
      'Without password and phrase: a device where you are still signed in can set a new password in its settings.',
    working: 'Opening your account with the phrase',
  },
  reset: {
    link: 'I lost everything',
    title: 'Start over under your name',
    first:
      'Only where password, recovery phrase and every device are gone. A device that is still signed in sets a new password in its settings; a backup brings everything back on an empty server. Without any of them:',
    means: [
      'What was written so far cannot be read by you again. Nobody can open it for you, the operator neither.',
      'You get a new security key. Everyone you talked with is warned and has to accept it before they can write to you.',
      'You are back in your groups once somebody in them has accepted you.',
      'The operator of this server gives you a reset code, after making sure that it is you. It serves once, for a day.',
    ],
    code: 'Reset code',
    codeHint: '20 letters and digits. Dashes and capitals do not matter.',
    codeMissing: 'Enter the code that the operator gave you.',
    codeLength: (found: number) => `These are ${found} letters and digits; a code has 20.`,
    password: 'New password',
    submit: 'Start over',
    working: 'Starting over',
  },
  backup: {
    title: 'Backup of your account',
    explain:
      'One encrypted file with your identity, your contacts, your conversations and their files. It brings everything back on an empty server, if this one is ever lost. Only your recovery phrase opens it.',
    needsPhrase: 'A backup is locked with your recovery phrase. Make one first.',
    makeWords: 'Make the 24 words',
    needsPassword:
      'A backup is for an account: set a password first, then make the words that lock the backup.',
    action: 'Make a backup',
    what: 'What to keep',
    withFiles: (count: number, size: string) =>
      `Conversations and ${plural(count, 'file', 'files')}, ${size}`,
    withoutFiles: 'Conversations without their files',
    save: 'Save the backup',
    cancel: 'Cancel',
    work: {
      reading: (_count: string, size: string) => `Reading the backup: ${size}`,
      looking: (count: string) => `Looking for files: ${count}`,
      conversations: (count: string) => count,
      files: (count: string, size: string) => `${count}, ${size}`,
    },
    conversations: (done: number, total: number) =>
      `${done} of ${plural(total, 'conversation', 'conversations')}`,
    files: (done: number, total: number) => `${done} of ${plural(total, 'file', 'files')}`,
    size: (done: string, total: string) => `${done} of ${total}`,
    saved: 'Saved. Keep the file and the 24 words in different places.',
    notIn: (count: number) => `${plural(count, 'file is', 'files are')} not in it:`,
    tooLargeHere:
      'This browser cannot save a backup of this size. Make it without files, in Chrome or Edge, or in the terminal.',
    fileName: (name: string, day: Date) => `${name} ${day.toISOString().slice(0, 10)}.sotto-backup`,
    link: 'Restore from a backup',
    restoreTitle: 'Restore from a backup',
    restoreText:
      'For a server that does not know you: your identity, contacts, conversations and files come back from the backup. Others who come back the same way meet you in the same conversations.',
    file: 'Backup file',
    fileMissing: 'Choose the file.',
    phraseHint: 'The 24 words you had when the backup was made.',
    password: 'New password',
    otherName: 'Another name (optional)',
    otherNameHint: 'Only if your old name is taken on this server.',
    restore: 'Restore',
    working: 'Bringing your account back',
    done: 'You are back',
    came: (count: number) =>
      `${plural(count, 'conversation is', 'conversations are')} here again with all messages.`,
    missing: (count: number) =>
      `${plural(count, 'conversation goes', 'conversations go')} on here already with other messages and could not be brought back from this file.`,
    cameFiles: (here: number, total: number) =>
      here === total
        ? `${plural(here, 'file is', 'files are')} here again.`
        : `${here} of ${plural(total, 'file', 'files')} are here again.`,
    notBack: (count: number) => `${plural(count, 'file is', 'files are')} not back:`,
    absent: (count: number) => `${plural(count, 'file was', 'files were')} not in the backup:`,
    later: 'Try again later: Settings, Backup of your account, Bring files back.',
    more: (count: number) => `and ${count} more`,
    open: 'Open my conversations',
    filesTitle: 'Bring files back',
    filesText:
      'Files of a backup that are not on this server go there again, for everyone in the conversation.',
    filesAction: 'Bring files back',
    oldPhrase: 'Recovery phrase of the backup',
  },
  password: {
    setTitle: 'Set a password',
    setText: (name: string) =>
      `${name} becomes an account: sign in on other devices with all conversations, and lose nothing when this browser is cleared.`,
    setBrings: [
      'Sign in on your phone or another computer, with everything written so far.',
      'Nothing is lost when this browser is cleared or this device breaks.',
      'You stay who you are: same name, same safety numbers.',
    ],
    changeTitle: 'Change password',
    changeText:
      'Your other devices stay signed in and ask for the new password once. Your recovery phrase stays valid.',
    secureTitle: 'Now change your password',
    secureText:
      'The device is removed and can read nothing new. Whoever signed in with it may know your password: choose another one.',
    field: 'New password',
    hint: 'At least 8 characters. It never leaves this device, not even hashed, and nobody can reset it for you.',
    save: 'Set password',
    change: 'Change password',
    working: 'Locking your vault with the new password …',
    setDone: (name: string) => `Done. ${name} can now sign in on other devices with this password.`,
    changeDone: 'Your password is changed.',
    backTitle: 'Take your account back',
    backText:
      'This device still has your keys. It signs out every other device, sets a new password and makes new keys for all conversations. Your recovery phrase counts no more: whoever was in your account could know it. Your other devices sign in again with the new password.',
    back: 'Take it back',
    backWorking: 'Signing out the others and locking your vault anew …',
    backDone: 'The account is yours again. Nobody else is signed in.',
    next: 'Next: make a recovery phrase, for the day you forget the password.',
    makePhrase: 'Make recovery phrase',
    later: 'Later',
  },
  phrase: {
    title: 'Recovery phrase',
    button: 'Recovery phrase',
    have: 'You have a recovery phrase. It signs you in if you forget your password.',
    haveNot: 'No recovery phrase yet. Without one, a forgotten password cannot be replaced.',
    unconfirmed: 'You have not confirmed your recovery phrase. Make a new one if you did not write it down.',
    askText:
      '24 words that sign you in without the password. Whoever has them is you: keep them on paper, away from this device.',
    askAgain: 'A new phrase takes the place of the one you have.',
    current: 'Your password',
    show: 'Show the words',
    working: 'Making the words …',
    shownText: 'Write these words down in their order. They are shown only now and kept nowhere.',
    words: 'Recovery phrase, 24 words',
    print: 'Print',
    printTitle: (name: string, origin: string) => `Recovery phrase of ${name} on ${origin}`,
    copied: 'Copied. Paste it into a password manager, not into a chat.',
    written: 'I have written them down',
    confirmText: 'To be sure that they can be read: which words stand here?',
    word: (position: number) => `Word ${position}`,
    wrong: (position: number) => `That is not word ${position}.`,
    confirm: 'Confirm',
    lookAgain: 'Show the words again',
    doneText: 'Confirmed. With these words you can sign in even without your password.',
  },
  locked: {
    label: 'Password changed',
    text: 'Your password was changed on another device. Enter the new one to keep this device in step.',
    field: 'New password',
    submit: 'Unlock',
    working: 'Unlocking …',
    missing: 'Enter the new password.',
    notMe: 'It was not me',
  },
  reminder: {
    label: 'Reminder',
    password: 'You are in this browser only. Set a password, and nothing is lost when it is cleared.',
    phrase: 'If you forget your password, only a recovery phrase opens your account again.',
    setPassword: 'Set a password',
    makePhrase: 'Make recovery phrase',
    later: 'Remind me in a week',
  },
  devices: {
    title: 'Your devices',
    link: 'Devices',
    linkHint: 'See where you are signed in, and remove what you lost.',
    list: 'Devices',
    loading: 'Looking up your devices …',
    offline: 'The list needs the server. It appears when the connection is back.',
    again: 'Try again',
    unnamed: { browser: 'A browser', terminal: 'A terminal' },
    kind: { browser: 'Browser', terminal: 'Terminal' },
    current: 'This device',
    added: (when: string) => `Added ${when}`,
    online: 'Online now',
    seen: (when: string) => `Last online ${when}`,
    neverSeen: 'Not seen online lately',
    actions: (name: string) => `Actions for ${name}`,
    rename: 'Rename',
    renameTitle: 'Rename device',
    name: 'Device name',
    nameMissing: 'Give the device a name.',
    remove: 'Remove',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeText:
      'It can read nothing written from now on and erases its messages when it is online next. New keys are made for all your conversations.',
    removeOthers: 'Sign out all others',
    removeOthersTitle: (count: number) => `Sign out ${plural(count, 'other device', 'other devices')}?`,
    removeOthersText:
      'Only this device stays. The others read nothing written from now on and erase their messages. New keys are made for all your conversations.',
    signing: 'Taking it off your account …',
    progress: (done: number, total: number) => `New keys: ${done} of ${total} conversations`,
    removed: (count: number) =>
      `${plural(count, 'device', 'devices')} removed. All conversations have new keys.`,
    guest: 'You are a guest: this browser is your only device. Set a password to sign in on others.',
    none: 'You are signed in nowhere else.',
  },
  newDevice: {
    title: 'A new device signed in. Was this you?',
    titleNamed: (name: string) => `${name} signed in. Was this you?`,
    text: 'It reads all your conversations. If you do not know it, remove it now.',
    yes: 'Yes, it was me',
    remove: 'Remove it',
    removing: 'Removing it and making new keys …',
  },
  removed: {
    title: 'This device was removed from your account',
    text: (name: string) =>
      `${name} took this device off the account on another device. Its keys and messages were erased here; nothing written from now on can be read with them.`,
    mine: 'It was you, and you want this device back: sign in again with your password.',
    notMine:
      'It was not you: somebody knows your password. Sign in, remove their device under Settings, Devices, and change the password at once.',
    leftTitle: 'You were signed out in another tab',
    leftText: (name: string) => `The keys and messages of ${name} were erased from this browser.`,
    start: 'To the start page',
  },
  storage: {
    title: 'Storage in this browser',
    kept: 'This browser keeps your messages until you delete them.',
    atRisk: 'This browser may delete what is stored here when space runs short.',
    unknown: 'This browser does not tell whether it keeps what is stored here.',
    guest: 'For a guest that would be the end: nobody else has these keys. A password protects from that.',
    account: 'Nothing would be lost: signing in with your password brings everything back.',
    accountPhrase:
      'Nothing would be lost: signing in with your password or your recovery phrase brings everything back.',
    ask: 'Ask the browser to keep it',
    refused:
      'The browser did not agree. Installing Sotto as an app or allowing notifications often changes that.',
  },
  export: {
    title: 'A copy for yourself',
    explain:
      'A zip file with everything this device can read, as text and as data. It is made here and is not encrypted: keep it safe.',
    action: 'Export my conversations',
    fileName: (day: Date) => `sotto-${day.toISOString().slice(0, 10)}.zip`,
    progress: (done: number, total: number) => `${done} of ${plural(total, 'conversation', 'conversations')}`,
  },
  verify: {
    ways: 'Compare with the other device',
    scan: 'Scan their code',
    scanHint: 'Point the camera at the code on the other screen.',
    video: 'Picture of the camera',
    stopScan: 'Stop the camera',
    noCamera: 'No camera can be used. Allow it for this page, or compare the digits.',
    paste: 'Digits you were sent another way',
    match: 'The numbers match. Nobody sits between you.',
    different:
      'The numbers do not match. Somebody may sit between you, or one of you looks at another person.',
    differentNext: (name: string) =>
      `Do not verify. Check that ${name} has your name open there; if it still differs, meet in person or ask whoever runs the server.`,
    incomplete: (left: number) => `Right so far, ${plural(left, 'digit', 'digits')} to go.`,
    notANumber: 'That code is not a safety number.',
    compared: 'I compared all 60 digits myself, and they are the same',
  },
};
