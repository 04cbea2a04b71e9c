/** People one shares nothing with, and those one wants to hear nothing of (attack 48). */
export const requests = {
  requests: {
    title: 'Requests',
    waiting: '{count, plural, one {1 waits for your answer} other {{shown} wait for your answer}}',
    hint: 'From people you share nothing with. Nobody learns whether you looked, and nothing of it calls for you before you accept.',
    none: 'Nobody asks. People you share nothing with come here first.',
    direct: 'would like to write to you',
    group:
      'brought you into a group{count, plural, =0 {} one { with # other person} other { with # other people}}',
    accept: 'Accept',
    decline: 'Decline',
    block: 'Block',
    show: 'Show what they wrote',
    hide: 'Hide it',
    called: 'Group name, as they wrote it',
    topic: 'Topic, as they wrote it',
    shownNote: 'Links and files open once you accept.',
    nothing: 'Nothing was written yet.',
    files: '[{count, plural, one {a file} other {# files}}]',
    declineTitle: 'Decline the request of {name}?',
    declineDirect:
      'The conversation goes away here, and this person cannot ask for it again. They are not told. You can still write to them yourself.',
    declineGroup:
      'You leave the group, and nobody you share nothing with can bring you back into it. The others see that you left.',
    declined: 'You declined the request of {name}.',
  },
  blocking: {
    title: 'Blocked people',
    none: 'You have blocked nobody. People are blocked from their conversation, from a group’s members, or from a request.',
    hint: 'You hear nothing of them, on all of your devices. They are not told.',
    block: 'Block',
    blockTitle: 'Block {name}?',
    blockText:
      'You hear nothing more of this person, on all of your devices: your conversation with them goes away, and their requests never show. What they write in groups you share is folded away. They are not told. You can unblock them in the settings.',
    unblock: 'Unblock',
    unblockNamed: 'Unblock {name}',
    unblocked: '{name} is no longer blocked.',
    message: 'From somebody you blocked',
    show: 'Show',
    showNamed: 'Show the message of {name}',
  },
} as const;
