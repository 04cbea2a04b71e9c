import {
  type Alarm,
  NO_DRAFT,
  type Person,
  type Room,
  type RoomMember,
  type TimelineItem,
  type Transfer,
} from '@sotto/client';
import type { AccountId, FileId, RoomId } from '../src/app/types.ts';
import { filesScript } from './demo-file-script.ts';
import { account, key, room } from './ids.ts';
import { quietRoom } from './quiet-room.ts';
import { Script } from './script.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const NAMES = [
  'Bob',
  'Carol',
  'Dave',
  'Erin',
  'Faythe',
  'Grace',
  'Heidi',
  'Ivan',
  'Judy',
  'Mallory',
  'Niaj',
  'Olivia',
  'Peggy',
  'Rupert',
  'Sybil',
  'Trent',
  'Ulrike Sommer',
  'Victor',
  'Walter',
  'Xenia',
  'Yusuf',
  'Zoë Maximiliane von Hohenfels-Sturm',
] as const;

export interface DemoData {
  readonly people: Map<AccountId, Person>;
  readonly rooms: Map<RoomId, Room>;
  readonly items: Map<RoomId, TimelineItem[]>;
  readonly readAtOpen: Map<RoomId, number>;
  readonly transfers: ReadonlyMap<FileId, Transfer>;
}

const person = (name: string, index: number, now: number): Person => ({
  account: account(name),
  name,
  claimed: null,
  looksLike: null,
  online: index % 3 === 0,
  seen: index % 3 === 0 ? null : now - index * 47 * MINUTE,
  identity: index % 5 === 4 ? null : key(name),
  trust: name === 'Carol' ? 'verified' : name === 'Dave' ? 'changed' : 'unverified',
});

const member = (name: string, role: RoomMember['role'] = 'member', devices = 1): RoomMember => ({
  account: account(name),
  name,
  role,
  devices,
});

const alarm = (kind: Alarm['kind'], rule: string, name: string, code: Alarm['code'], at: number): Alarm => ({
  rule,
  code,
  kind,
  account: account(name),
  detail: '',
  at,
});

/** Several people, direct and group conversations, and every state that is hard to reach. */
export function demoData(self: string, now: number): DemoData {
  const people = new Map(NAMES.map((name, index) => [account(name), person(name, index, now)]));
  const rooms = new Map<RoomId, Room>();
  const items = new Map<RoomId, TimelineItem[]>();
  const readAtOpen = new Map<RoomId, number>();

  const add = (script: Script, change: Partial<Room> & { unread?: number }): void => {
    const list = script.items;
    const last = list.at(-1);
    const direct = script.peer !== null;
    const base: Room = {
      ...quietRoom(script.room),
      kind: direct ? 'direct' : 'group',
      title: script.peer ?? '',
      peer: script.peer === null ? null : account(script.peer),
      members: direct && script.peer ? [member(self, 'admin', 2), member(script.peer, 'admin')] : [],
      epoch: 3,
      last: last
        ? {
            time: last.time,
            account: last.account,
            preview: last.type === 'message' ? last.body : null,
            event: last.type === 'system' ? last.event : null,
            ...(last.type === 'message' && last.kind === 'files' && last.files[0]
              ? { files: { count: last.files.length, type: last.files[0].type, name: last.files[0].name } }
              : {}),
          }
        : null,
    };
    rooms.set(script.room, { ...base, ...change });
    items.set(script.room, list);
    const unread = change.unread ?? 0;
    const positions = list.flatMap((i) =>
      i.type === 'message' && !i.own && i.position !== null ? [i.position] : [],
    );
    readAtOpen.set(script.room, unread > 0 ? (positions.at(-unread) ?? 1) - 1 : script.newest);
  };

  add(garden(self, now), {
    title: 'Garden club',
    topic: 'Seeds, slugs and Saturday mornings',
    members: [
      member(self, 'admin', 2),
      member('Bob', 'admin', 3),
      ...['Carol', 'Dave', 'Erin', 'Faythe', 'Grace', 'Ulrike Sommer'].map((n) => member(n)),
    ],
    unread: 4,
    mentions: 1,
    typing: [account('Erin'), account('Faythe')],
  });
  const harbour = filesScript(self, now);
  add(harbour.script, {
    title: 'Harbour weekend',
    members: [member(self, 'admin', 2), member('Bob', 'admin'), member('Carol'), member('Erin')],
  });
  add(direct(self, now), { unread: 0, draft: NO_DRAFT });
  add(
    new Script(self, room('carol'), 'Carol', now - 3 * HOUR)
      .system({ type: 'created' }, self)
      .say('Carol', 'The numbers match, by the way 🎉')
      .say(self, 'Great. Now I know it is you.'),
    { security: { state: 'verified' }, draft: { ...NO_DRAFT, text: 'About Thursday: ' } },
  );
  add(
    new Script(self, room('dave'), 'Dave', now - 5 * HOUR)
      .system({ type: 'created' }, self)
      .say('Dave', 'New phone tomorrow, finally.')
      .say(self, 'Enjoy!')
      .system({ type: 'identity', account: account('Dave') }, null),
    {
      security: {
        state: 'attention',
        alarm: alarm('identity-changed', 'K4', 'Dave', 'identity_changed', now - HOUR),
        blocksSending: true,
      },
    },
  );
  add(
    new Script(self, room('work'), null, now - 26 * HOUR)
      .system({ type: 'created' }, 'Grace')
      .unreadable('Grace', 'before-joining', 3)
      .system({ type: 'joined', account: account(self), invite: key('invite') }, self)
      .say('Grace', 'Deploy is at four. Checklist: https://example.org/deploy (read it first!)')
      .say('Heidi', 'On it 👍')
      .system(
        {
          type: 'alarm',
          alarm: alarm('gap', 'M2', 'Heidi', 'gap', now - DAY),
        },
        null,
      )
      .unreadable('Heidi', 'requested', 2),
    {
      title: 'Work',
      role: 'member',
      members: [member('Grace', 'admin', 2), member('Heidi'), member(self, 'member', 2)],
      muted: true,
      unread: 2,
      mentions: 1,
      work: { kind: 'rekey', done: 7, total: 12 },
      security: {
        state: 'attention',
        alarm: alarm('gap', 'M2', 'Heidi', 'gap', now - DAY),
        blocksSending: false,
      },
    },
  );
  add(
    new Script(self, room('book'), null, now - 5 * DAY)
      .system({ type: 'created' }, 'Judy')
      .say('Judy', 'Thanks everybody, it was fun')
      .system({ type: 'removed', account: account(self) }, 'Judy'),
    {
      title: 'Book circle',
      standing: 'removed',
      role: 'member',
      members: [member('Judy', 'admin'), member('Ivan')],
    },
  );
  add(new Script(self, room('empty'), null, now - 9 * DAY).system({ type: 'created' }, self), {
    title: 'Holiday in the mountains with a rather long name for a group of friends',
    members: [member(self, 'admin', 2)],
  });
  return { people, rooms, items, readAtOpen, transfers: harbour.transfers };
}

function garden(self: string, now: number): Script {
  return new Script(self, room('garden'), null, now - 2 * DAY - 3 * HOUR)
    .system({ type: 'created' }, self)
    .system({ type: 'added', account: account('Bob') }, self)
    .system({ type: 'added', account: account('Carol') }, self)
    .system({ type: 'added', account: account('Dave') }, self)
    .system({ type: 'renamed', title: 'Garden club' }, self)
    .system({ type: 'role', account: account('Bob'), role: 'admin' }, self)
    .pause(20 * HOUR)
    .say('Bob', 'Morning! Who is in for Saturday?')
    .say('Bob', 'Weather looks good so far ☀️', {
      react: [
        ['👍', ['Carol', self]],
        ['🎉', ['Dave']],
      ],
    })
    .say('Carol', 'I am. I can bring the good shovel.')
    .say(self, 'Me too. Shall we say nine?', {
      delivery: {
        state: 'read',
        by: ['Bob', 'Carol', 'Dave', 'Erin', 'Faythe', 'Grace', 'Ulrike Sommer'].map(account),
        of: 7,
      },
    })
    .say('Bob', 'Nine is fine', { reply: 1 })
    .pause(23 * HOUR)
    .system({ type: 'joined', account: account('Erin'), invite: key('invite') }, 'Erin')
    .system({ type: 'devices', account: account('Carol'), list: 4 }, 'Carol')
    .say(
      'Erin',
      'Hello everybody! I wrote down the list from last year:\n```\n3 × tomato\n2 × courgette\n1 × rosemary\n```\nSee https://example.org/garden/plan?year=2026 and run `seeds --count` before buying.',
    )
    .say('Dave', 'Was soll ich mitbringen?', { edited: true })
    .say('Dave', '', { deleted: true })
    .say(self, 'Bread and butter, please', { delivery: { state: 'delivered', to: 5, of: 7 } })
    .say(self, 'And the <b>big</b> kettle <img src=x onerror=alert(1)>', { delivery: { state: 'sent' } })
    .say('Grace', '', { unknownKind: 'poll' })
    .system({ type: 'rekeyed' }, 'Bob')
    .pause(20 * MINUTE)
    .say('Bob', `@${self} could you pick up the seeds on the way? The shop closes at six.`, {
      mentionsSelf: true,
    })
    .say('Carol', '🌻')
    .say(
      'Carol',
      'I can do it if you are busy. It is on my way home anyway, and the shop is right next to the station, so it would not be any trouble at all.',
    )
    .say('Ulrike Sommer', 'Bis Samstag!');
}

function direct(self: string, now: number): Script {
  const script = new Script(self, room('bob'), 'Bob', now - 40 * DAY).system({ type: 'created' }, 'Bob');
  const lines = [
    'Did you see the new plan?',
    'Yes, looks good to me.',
    'One question about page three, though.',
    'Go ahead',
    'Is the date final?',
    'I think so. I will ask and tell you tomorrow, there was some talk about moving it by a week because of the holidays.',
    'Thanks!',
    '👍',
  ];
  for (let index = 0; index < 2_000; index += 1) {
    if (index % 8 === 0) script.pause(3 * HOUR + (index % 5) * 20 * MINUTE);
    script.say(
      index % 2 === 0 ? 'Bob' : self,
      `${lines[index % lines.length]}${index % 8 === 5 ? '' : ` (${index + 1})`}`,
    );
  }
  return script
    .at(now - 30 * MINUTE)
    .say('Bob', 'Are you coming tonight?')
    .say(self, 'Yes! What shall I bring?', { delivery: { state: 'read', by: [account('Bob')], of: 1 } })
    .say('Bob', 'Nothing, just come 🙂')
    .say(self, 'See you at eight', { delivery: { state: 'delivered', to: 1, of: 1 } })
    .say(self, 'I might be five minutes late', {
      delivery: {
        state: 'failed',
        code: 'too_large',
      },
    })
    .say(self, 'This one still waits', { delivery: { state: 'waiting' } });
}
