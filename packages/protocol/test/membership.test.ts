import { describe, expect, it } from 'vitest';
import { directRoomInput, type EpochHeader, EpochHeaderCodec, roomFrom, roomKind } from '../src/index.ts';
import { account, after, bytes, header, member, room } from './samples.ts';
import {
  A,
  accounts,
  admission,
  allows,
  B,
  by,
  C,
  D,
  DIRECT_ROOM,
  direct,
  GROUP,
  INVITING,
  invite,
  joining,
  OPEN,
  refuses,
} from './transitions.ts';

describe('[R1] the first header', () => {
  allows(null, [
    ['makes a group', GROUP, {}, [{ type: 'created' }]],
    ['makes a direct room', direct(), {}, [{ type: 'created' }]],
    ['may have an invite', INVITING, {}, [{ type: 'created' }]],
  ]);
  refuses(null, 'R1', [
    ['has number 1', header({ epoch: 2 })],
    ['names none before it', header({ previous: bytes(1) })],
    ['links to none before it', header({ link: bytes(1, 48) })],
  ]);
  refuses(null, 'R7', [['is not made by an invite', header({ admission })]]);
  refuses(null, 'R3', [
    ['is made by a member', header(by(9))],
    ['is made by an admin', header({ members: [member(1), member(2, 'admin')] })],
    ['both sides of a direct room are admins', direct({ members: [A, B] })],
    ['a direct room has no invites', direct({ invites: [invite] })],
  ]);
});

describe('[R1] the chain of headers', () => {
  allows(GROUP, [['goes on by one', after(GROUP), {}, [{ type: 'rekeyed' }]]]);
  refuses(GROUP, 'R1', [
    ['stays in its room', after(GROUP, { room: room(1) })],
    ['[attack 10] does not repeat a number', after(GROUP, { epoch: 1 })],
    ['does not skip a number', after(GROUP, { epoch: 3 })],
    ['[attack 9] names the one before', after(GROUP, { previous: bytes(1) })],
    ['names one at all', after(GROUP, { previous: null })],
    ['is not checked without the hash', after(GROUP), { previousHash: null }],
  ]);
  refuses(header({ seen: { position: 5, chain: bytes(1) } }), 'M2', [
    ['[attack 8] never has seen less', after(GROUP, { seen: { position: 4, chain: bytes(1) } })],
  ]);
});

describe('[R3] what an admin may', () => {
  allows(GROUP, [
    ['add', after(GROUP, { members: [A, B, C, D] }), {}, [{ type: 'added', account: account(4) }]],
    [
      'add an admin',
      after(GROUP, { members: [A, B, C, member(4, 'admin')] }),
      {},
      [{ type: 'added', account: account(4) }],
    ],
    ['remove', after(GROUP, { members: [A, C] }), {}, [{ type: 'removed', account: account(2) }]],
    [
      'promote',
      after(GROUP, { members: [A, member(2, 'admin'), C] }),
      {},
      [{ type: 'role', account: account(2), role: 'admin' }],
    ],
    [
      'change the policy',
      after(GROUP, { policy: { add: 'member', history: 'joined', profile: 'admin' } }),
      {},
      [{ type: 'policy' }],
    ],
    ['open an invite', after(GROUP, { invites: [invite] }), {}, [{ type: 'invites', opened: 1, ended: 0 }]],
    [
      'follow a new device',
      after(GROUP, { members: [A, member(2, 'member', 2), C] }),
      {},
      [{ type: 'devices', account: account(2), list: 2 }],
    ],
    [
      'vouch for a changed identity',
      after(GROUP, { members: [A, { ...B, identity: bytes(0x77) }, C] }),
      {},
      [{ type: 'identity', account: account(2) }],
    ],
    [
      'do several at once',
      after(GROUP, { members: [A, C, D], invites: [invite] }),
      {},
      [
        { type: 'removed', account: account(2) },
        { type: 'added', account: account(4) },
        { type: 'invites', opened: 1, ended: 0 },
      ],
    ],
  ]);
  allows(INVITING, [
    ['revoke an invite', after(INVITING, { invites: [] }), {}, [{ type: 'invites', opened: 0, ended: 1 }]],
    ['drop one that is over', after(INVITING, { at: 2_001, invites: [] }), {}, [{ type: 'rekeyed' }]],
  ]);
});

describe('[R3] [attack 30] what a member may not', () => {
  const mine = (change: Partial<EpochHeader>) => after(GROUP, { ...by(2), ...change });
  refuses(GROUP, 'R3', [
    ['add', mine({ members: [A, B, C, D] })],
    ['remove', mine({ members: [A, B] })],
    ['remove the admin', mine({ members: [B, C] })],
    ['remove themselves and go on', mine({ members: [A, C] })],
    ['promote themselves', mine({ members: [A, member(2, 'admin'), C] })],
    ['promote another', mine({ members: [A, B, member(3, 'admin')] })],
    ['degrade the admin', mine({ members: [member(1), B, C] })],
    ['change the policy', mine({ policy: { add: 'member', history: 'joined', profile: 'admin' } })],
    ['open the past', mine({ policy: { add: 'admin', history: 'all', profile: 'admin' } })],
    ['open an invite', mine({ invites: [invite] })],
    ['shuffle the order', mine({ members: [A, C, B] })],
    ['put somebody in front', mine({ members: [D, A, B, C] })],
  ]);
  const two = header({ members: [A, B, member(3, 'admin')] });
  refuses(two, 'R3', [['degrade one of several admins', after(two, { ...by(2), members: [A, B, C] })]]);
  // Who is longest in the room inherits where no admin is left, and only then.
  const longest = header({ members: [B, A, C] });
  refuses(longest, 'R3', [
    ['inherit from an admin who stays', after(longest, { ...by(2), members: [member(2, 'admin'), A, C] })],
  ]);
  refuses(longest, 'K3', [
    [
      'vouch like an heir while there is an admin',
      after(longest, { ...by(2), members: [B, A, { ...C, identity: bytes(0x77) }] }),
    ],
  ]);
  refuses(GROUP, 'K3', [
    ['take over a changed identity', mine({ members: [A, B, { ...C, identity: bytes(0x77) }] })],
  ]);
  refuses(INVITING, 'R3', [
    ['revoke an invite', after(INVITING, { ...by(2), invites: [] })],
    ['lengthen an invite', after(INVITING, { ...by(2), invites: [{ ...invite, expires: 9_000 }] })],
    [
      'swap what an invite shows',
      after(INVITING, { ...by(2), invites: [{ ...invite, sealed: bytes(1, 40) }] }),
    ],
  ]);
  allows(GROUP, [
    ['but may renew the keys', mine({}), {}, [{ type: 'rekeyed' }]],
    [
      'but may follow devices',
      mine({ members: [A, member(2, 'member', 2), C] }),
      {},
      [{ type: 'devices', account: account(2), list: 2 }],
    ],
  ]);
  refuses(OPEN, 'R3', [
    [
      'add an admin, where members may add',
      after(OPEN, { ...by(2), members: [A, B, C, member(4, 'admin')] }),
    ],
    [
      'change the policy, where members may add',
      after(OPEN, { ...by(2), policy: { add: 'member', history: 'joined', profile: 'admin' } }),
    ],
  ]);
  allows(OPEN, [
    [
      'but may add where the policy says so',
      after(OPEN, { ...by(2), members: [A, B, C, D] }),
      {},
      [{ type: 'added', account: account(4) }],
    ],
    [
      'and open an invite there',
      after(OPEN, { ...by(2), invites: [invite] }),
      {},
      [{ type: 'invites', opened: 1, ended: 0 }],
    ],
  ]);
  refuses(OPEN, 'R3', [
    ['nor may who is no member', after(OPEN, by(4))],
    ['nor who adds themselves without an invite', after(OPEN, { ...by(4), members: [A, B, C, D] })],
  ]);
});

describe('[R3] name and topic', () => {
  const RENAMED = { profile: bytes(0x61), sealed: bytes(0x62, 272) };
  const FREE = header({ policy: { add: 'admin', history: 'joined', profile: 'member' } });
  allows(GROUP, [
    ['an admin changes them', after(GROUP, RENAMED), {}, [{ type: 'profile' }]],
    [
      'a member seals them anew, or does not know them',
      after(GROUP, { ...by(2), sealed: null }),
      {},
      [{ type: 'rekeyed' }],
    ],
  ]);
  refuses(GROUP, 'R3', [['[attack 30] a member does not', after(GROUP, { ...by(2), ...RENAMED })]]);
  allows(FREE, [
    [
      'a member does where the policy says so',
      after(FREE, { ...by(2), ...RENAMED }),
      {},
      [{ type: 'profile' }],
    ],
  ]);
  refuses(INVITING, 'R7', [['who arrives by an invite does not', joining(RENAMED)]]);
  const free = header({ ...FREE, invites: [invite] });
  refuses(free, 'R7', [
    ['nor where members do', after(free, { ...joining(), ...RENAMED, policy: free.policy })],
  ]);
  refuses(FREE, 'R3', [
    [
      'a member does not close that again',
      after(FREE, { ...by(2), policy: { add: 'admin', history: 'joined', profile: 'admin' } }),
    ],
  ]);

  it('[R1] groups have them, direct rooms have none', () => {
    const takes = (given: EpochHeader) => EpochHeaderCodec.decode(EpochHeaderCodec.encode(given));
    expect(takes(header({ sealed: null })).sealed).toBeNull();
    expect(() => takes(header({ profile: null, sealed: null }))).toThrow(/profile/);
    expect(takes(direct()).profile).toBeNull();
    expect(() => takes(direct({ profile: bytes(1) }))).toThrow(/profile/);
    expect(() => takes(direct({ sealed: bytes(1, 272) }))).toThrow(/profile/);
  });
});

describe('[K4] somebody starts over with another identity', () => {
  const anew = (fill: number, role: 'admin' | 'member' = 'member') => ({
    ...member(fill, role, 2),
    identity: bytes(0x77),
  });
  refuses(GROUP, 'K3', [
    ['[attack 3] nobody vouches for themselves', after(GROUP, { members: [anew(1, 'admin'), B, C] })],
    ['a member who may not add does not vouch', after(GROUP, { ...by(2), members: [A, B, anew(3)] })],
    ['nor for the last admin, unless they follow', after(GROUP, { ...by(3), members: [anew(1), B, C] })],
  ]);
  allows(GROUP, [
    [
      'the heir vouches for the last admin, follows them, and lets them in as a member',
      after(GROUP, { ...by(2), members: [anew(1), member(2, 'admin'), C] }),
      {},
      [
        { type: 'identity', account: account(1) },
        { type: 'role', account: account(1), role: 'member' },
        { type: 'role', account: account(2), role: 'admin' },
      ],
    ],
  ]);
  refuses(GROUP, 'K3', [
    ['[attack 30] not as an admin', after(GROUP, { ...by(2), members: [anew(1, 'admin'), B, C] })],
  ]);
  refuses(OPEN, 'K3', [
    [
      '[attack 30] who may add members adds no admin that way',
      after(OPEN, { ...by(2), members: [anew(1, 'admin'), B, C] }),
    ],
    ['nor themselves', after(OPEN, { ...by(2), members: [A, anew(2), C] })],
  ]);
  allows(OPEN, [
    [
      'who may add members vouches',
      after(OPEN, { ...by(2), members: [A, B, anew(3)] }),
      {},
      [{ type: 'identity', account: account(3) }],
    ],
  ]);
  const two = header({ members: [A, member(2, 'admin'), C] });
  allows(two, [
    [
      'an admin leaves another its role',
      after(two, { members: [A, anew(2, 'admin'), C] }),
      {},
      [{ type: 'identity', account: account(2) }],
    ],
  ]);
  refuses(direct(), 'K3', [
    [
      'a side of a direct room does not vouch for itself',
      after(direct(), { members: [anew(1, 'admin'), member(2, 'admin')] }),
    ],
  ]);
});

describe('[K3] lists only move forward', () => {
  const moved = header({ members: [A, member(2, 'member', 5), C] });
  refuses(moved, 'K3', [
    ['[attack 10] an older one', after(moved, { members: [A, member(2, 'member', 4), C] })],
    [
      '[attack 4] another of the same version',
      after(moved, { members: [A, { ...member(2, 'member', 5), listHash: bytes(1) }, C] }),
    ],
  ]);
});

describe('[R3] leaving', () => {
  const gone = { leavers: accounts(2), departed: accounts(2) };
  allows(GROUP, [
    [
      'any member drops who left',
      after(GROUP, { ...by(3), members: [A, C] }),
      gone,
      [{ type: 'left', account: account(2) }],
    ],
    [
      'a client that sees headers alone agrees',
      after(GROUP, { ...by(3), members: [A, C] }),
      { leavers: accounts(2) },
      [{ type: 'left', account: account(2) }],
    ],
    [
      'the heir takes over from the last admin',
      after(GROUP, { ...by(3), members: [member(2, 'admin'), C] }),
      { leavers: accounts(1) },
      [
        { type: 'left', account: account(1) },
        { type: 'role', account: account(2), role: 'admin' },
      ],
    ],
  ]);
  refuses(GROUP, 'R3', [
    ['who left is not listed any more', after(GROUP, by(3)), gone],
    ['nor where only the log says so', after(GROUP, by(3)), { departed: accounts(2) }],
    ['who left makes no header', after(GROUP, { ...by(2), members: [A, B, C] }), gone],
    [
      'a member drops nobody without a statement',
      after(GROUP, { ...by(3), members: [A, C] }),
      { departed: accounts(2) },
    ],
    [
      'only the heir takes over',
      after(GROUP, { ...by(3), members: [B, member(3, 'admin')] }),
      { leavers: accounts(1) },
    ],
    ['somebody takes over', after(GROUP, { ...by(3), members: [B, C] }), { leavers: accounts(1) }],
    [
      'nobody inherits while an admin is there',
      after(GROUP, { ...by(3), members: [A, member(3, 'admin')] }),
      gone,
    ],
  ]);
});

describe('[R1] direct conversations', () => {
  const other = member(2, 'admin');
  allows(direct(), [
    ['either side renews', after(direct(), by(2)), {}, [{ type: 'rekeyed' }]],
    [
      'either side takes over a changed identity',
      after(direct(), { ...by(2), members: [{ ...A, identity: bytes(0x77) }, other] }),
      {},
      [{ type: 'identity', account: account(1) }],
    ],
  ]);
  refuses(direct(), 'R1', [
    ['a third never comes in', after(direct(), { members: [A, other, C] })],
    ['the other is not exchanged', after(direct(), { members: [A, member(3, 'admin')] })],
    ['nobody is alone', after(direct(), { members: [A] })],
  ]);
  refuses(direct(), 'R3', [
    ['nobody is degraded', after(direct(), { members: [A, B] })],
    ['no invites', after(direct(), { invites: [invite] })],
  ]);
});

describe('[attack 23] the past', () => {
  const link = bytes(1, 48);
  allows(OPEN, [['is linked where both policies open it', after(OPEN, { link }), {}, [{ type: 'rekeyed' }]]]);
  refuses(GROUP, 'R1', [
    ['is not linked where it is closed', after(GROUP, { link })],
    [
      'nor by opening it in the same header',
      after(GROUP, { link, policy: { add: 'admin', history: 'all', profile: 'admin' } }),
    ],
  ]);
  refuses(OPEN, 'R1', [
    [
      'nor while closing it',
      after(OPEN, { link, policy: { add: 'member', history: 'joined', profile: 'admin' } }),
    ],
  ]);
});

describe('[R1] [attack 44] the id of a conversation of two', () => {
  const third = member(3, 'admin');
  const theirs = (change: Partial<EpochHeader>) => direct({ ...by(3), ...change });
  refuses(null, 'R1', [
    ['is not for a group of others', theirs({ members: [third, member(4)] })],
    ['nor for a conversation of others', theirs({ members: [third, member(4, 'admin')] })],
    ['nor for one with a third', theirs({ members: [A, member(2, 'admin'), third] })],
    ['nor for one of them with a third', theirs({ members: [A, third] })],
    ['nor for one alone', theirs({ members: [third] })],
    ['nor where nobody computed it', direct(), { room: null }],
  ]);
  refuses(null, 'R3', [['nor does a stranger open it for them', theirs({})]]);

  it('is no group’s, and a group’s is no conversation’s', () => {
    expect(roomKind(DIRECT_ROOM)).toBe('direct');
    for (const fill of [0, 0x7f, 0x80, 0xff]) {
      expect(roomKind(roomFrom('group', bytes(fill)))).toBe('group');
      expect(roomKind(roomFrom('direct', bytes(fill)))).toBe('direct');
    }
  });
});

describe('[R1] [attack 46] the id of a group', () => {
  refuses(null, 'R1', [
    ['is for nobody but its founder', header({ ...by(2), members: [A, member(2, 'admin')] })],
    ['nor for a group of another profile', header({ profile: bytes(5) })],
    ['is not one that the founder likes better', header({ room: room(1) })],
    ['nor where nobody computed it', GROUP, { room: null }],
  ]);
  allows(GROUP, [
    [
      'stays where name and author change',
      after(GROUP, { profile: bytes(5), members: [A, member(2, 'admin'), C] }),
      {},
      [{ type: 'role', account: account(2), role: 'admin' }, { type: 'profile' }],
    ],
  ]);
});

it('[R1] the direct room’s id is the same from both sides', () => {
  expect(directRoomInput(account(1), account(2))).toEqual(directRoomInput(account(2), account(1)));
  expect(directRoomInput(account(1), account(2))).not.toEqual(directRoomInput(account(1), account(3)));
});
