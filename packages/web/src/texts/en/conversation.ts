import { breaches } from '@sotto/words/en';

/** What stands in a conversation, and what is written there. */
export const conversation = {
  room: {
    nothingOpen: 'Choose a conversation, or start one.',
    notFound: 'This conversation is not on this device.',
    backToList: 'Back to conversations',
    openDetails: 'Details of {title}',
    members: '{count, plural, one {# member} other {# members}}',
    online: '{count} online',
    messages: 'Messages',
    start: 'This is the beginning of your conversation with {title}. Only the two of you can read it.',
    startGroup: 'This is the beginning of {title}. Only its members can read it.',
    loading: 'Fetching older messages …',
    loadOlder: 'Show older messages',
    newMessages: 'New messages',
    jump: 'Jump to latest',
    jumpCount: 'Jump to latest, {count, plural, one {# new message} other {# new messages}}',
    rekey: 'Making new keys: {done} of {total} devices',
    sync: 'Fetching messages: {done} of {total}',
    arrived: '{name}: {body}',
  },
  message: {
    you: 'You',
    label: '{name}, {time}',
    edited: 'edited',
    editedAt: 'Edited {time}',
    deleted: 'This message was deleted',
    unknownKind: 'A kind of content this version does not know ({kind}). Update Sotto to see it.',
    replyTo: 'Reply to {name}. Show that message.',
    actions: 'Actions',
    react: 'React',
    reply: 'Reply',
    edit: 'Edit',
    editCaption: 'Edit caption',
    delete: 'Delete',
    copy: 'Copy text',
    details: 'Details',
    more: 'More actions',
    deleteTitle: 'Delete this message for everybody?',
    deleteText: 'Others see that a message was deleted. Who has read it, has read it.',
    deleteFiles: 'Its files are deleted from the server. Who has saved them, has them.',
    waiting: 'Waiting to be sent',
    failed: 'Not sent. {reason}',
    retry: 'Retry',
    discard: 'Discard',
    sent: 'Sent',
    delivered: '{of, plural, =0 {Delivered} one {Delivered} other {Delivered to {to} of {of}}}',
    read: '{of, plural, =0 {Read} one {Read} other {Read by {by} of {of}}}',
    readBy: 'Read by',
    reaction: '{emoji} from {names}',
    sentAt: 'Sent',
    sender: 'Sender',
    device: 'Device',
    position: 'Place in the log',
    waitingPlace: 'still in the outbox',
    delivery: 'Delivery',
    id: 'Message id',
    emoji: 'Emoji',
    beforeJoining:
      '{count, plural, one {# message} other {# messages}} from before you joined. The group keeps its past to those who were there.',
    requested:
      '{count, plural, one {# message} other {# messages}} this device has no key for yet. Another device of a member was asked for it.',
  },
  events: {
    created: '{by, select, you {You} somebody {Somebody} other {{byName}}} created the group',
    startedDirect:
      '{by, select, you {You} somebody {Somebody} other {{byName}}} started the conversation. It is encrypted end to end.',
    added: '{by, select, you {You} somebody {Somebody} other {{byName}}} added {people}',
    joined: '{who, select, you {You} somebody {Somebody} other {{whoName}}} joined by invite link',
    removed:
      '{by, select, you {You} somebody {Somebody} other {{byName}}} removed {who, select, you {you} somebody {somebody} other {{whoName}}}',
    left: '{who, select, you {You} somebody {Somebody} other {{whoName}}} left',
    leaving:
      '{who, select, you {You} somebody {Somebody} other {{whoName}}} asked to leave. New keys follow.',
    madeAdmin:
      '{by, select, you {You} somebody {Somebody} other {{byName}}} made {who, select, you {you} somebody {somebody} other {{whoName}}} an admin',
    madeMember:
      '{by, select, you {You} somebody {Somebody} other {{byName}}} took the admin role from {who, select, you {you} somebody {somebody} other {{whoName}}}',
    devices: '{who, select, you {Your} somebody {Somebody’s} other {{whoName}’s}} devices changed',
    named: '{before} is now called {name}',
    identity: '{who, select, you {Your} somebody {Somebody’s} other {{whoName}’s}} security key changed',
    identityAccepted:
      'You accepted {who, select, you {Your} somebody {Somebody’s} other {{whoName}’s}} new security key',
    policy: '{by, select, you {You} somebody {Somebody} other {{byName}}} changed the rules of the group',
    profile: '{by, select, you {You} somebody {Somebody} other {{byName}}} changed the name or the topic',
    invites:
      '{by, select, you {You} somebody {Somebody} other {{byName}}} {what, select, opened {opened {opened, plural, one {# invite link} other {# invite links}}} ended {ended {ended, plural, one {# invite link} other {# invite links}}} other {opened {opened, plural, one {# invite link} other {# invite links}} and ended {ended, plural, one {# invite link} other {# invite links}}}}',
    rekeyed: 'New keys, made by {by, select, you {you} somebody {somebody} other {{byName}}}',
    renamed: '{by, select, you {You} somebody {Somebody} other {{byName}}} named the group “{title}”',
    refused: 'Refused: {what}',
    ruleDetail: 'Rule {rule}: {detail}',
  },
  alarms: {
    'identity-changed': {
      title: '{who, select, you {Your} somebody {Somebody’s} other {{whoName}’s}} security key changed',
      text: 'This happens when somebody starts over on a new device, and also when somebody listens in. Nothing is sent to {who, select, you {you} somebody {somebody} other {{whoName}}} until you compare the safety number or accept the new key.',
    },
    rollback: {
      title: 'The server showed an older state than this device has seen',
      text: 'What you have stays here, and nothing is sent. Ask whoever runs the server whether it was restored from a backup. If it was, go on in a new group.',
    },
    fork: {
      title: 'Not everybody is shown the same conversation',
      text: '{who, select, you {You} somebody {Somebody} other {{whoName}}} was shown another history by the server than you. Nothing is sent. Talk to each other another way and ask whoever runs the server. If it does not come right, go on in a new group.',
    },
    gap: {
      title: 'Messages are missing',
      text: 'The server left something out between two messages. Try to fetch it again.',
    },
    'bad-header': {
      title: 'A change to the group was refused',
      text: '{who, select, you {You} somebody {Somebody} other {{whoName}}} sent a change that breaks the rules of the group. It has no effect here.',
    },
    'bad-message': {
      title: 'A message was refused',
      text: 'Something sent in the name of {who, select, you {you} somebody {somebody} other {{whoName}}} does not carry a valid proof. It is not shown.',
    },
    'bad-list': {
      title:
        '{who, select, you {Your} somebody {Somebody’s} other {{whoName}’s}} list of devices was refused',
      text: 'It is not signed as it must be, or older than what was seen. No keys are sent to those devices.',
    },
    'expired-key': {
      title: '{who, select, you {Your} somebody {Somebody’s} other {{whoName}’s}} keys have expired',
      text: '{who, select, you {You} somebody {Somebody} other {{whoName}}} cannot read new messages until they open Sotto once. Everybody else can.',
    },
    'old-key': {
      title:
        '{who, select, you {Your} somebody {Somebody’s} other {{whoName}’s}} keys went back at the server',
      text: 'It shows an older key than this device has seen. Nothing is locked with it; the newest one is published again by the device it belongs to. Ask whoever runs the server whether it was restored from a backup.',
    },
    'locked-out': {
      title: 'This device lacks the current keys',
      text: 'Other devices were asked for them. This resolves itself when one of them is online.',
    },
    'rolled-back': {
      title:
        'The server shows an older state of {who, select, you {Your} somebody {Somebody’s} other {{whoName}’s}} account',
      text: '{since, select, unknown {What changed since} other {What changed since {since}}} is missing: devices that were removed may seem to be there, and new ones not. Other devices have seen more. Ask whoever runs the server whether it was restored from a backup.',
    },
    'copied-device': {
      title: 'This device is running twice',
      text: 'Something else sends with the keys of this device: a copied browser profile, or a restored disk. Close the one of the two that you do not need. If you know of no copy, somebody took your keys: sign out here, which ends both, and sign in again as a new device.',
    },
  },
  breaches,
  composer: {
    label: 'Message',
    placeholder: 'Message {title}',
    caption: 'Add a caption',
    send: 'Send',
    emoji: 'Insert emoji',
    editing: 'Editing your message',
    replying: 'Reply to {name}',
    replyingBefore: 'Reply to an earlier message',
    cancelEdit: 'Cancel editing',
    cancelReply: 'Cancel reply',
    blocked: '{why}. Nothing is sent until this is resolved above.',
    left: 'You left this conversation. You can read what was written before.',
    removed: 'You were removed from this conversation. You can read what was written before.',
    bytesLeft: 'Room for {bytes} more bytes',
    tooLong: 'Too long by {bytes} bytes. Send it in parts.',
    suggestions: 'Suggestions',
    suggestionCount: '{count, plural, one {# suggestion} other {# suggestions}}, choose with the arrow keys',
  },
  emoji: {
    label: 'Emoji',
    search: 'Search emoji',
    none: 'No emoji by that name.',
  },
} as const;
