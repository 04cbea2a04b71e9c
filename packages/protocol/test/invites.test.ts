import { describe, expect, it } from 'vitest';
import { type EpochHeader, EpochHeaderCodec } from '../src/index.ts';
import { account, after, bytes, header, member } from './samples.ts';
import {
  A,
  accounts,
  admission,
  allows,
  B,
  by,
  C,
  D,
  direct,
  INVITING,
  invite,
  joining,
  refuses,
} from './transitions.ts';

describe('[R7] arriving by an invite', () => {
  const joined = { type: 'joined', account: account(4), invite: invite.key };
  allows(INVITING, [
    ['adds oneself', joining(), {}, [joined]],
    ['until the very end', joining({ at: 2_000 }), {}, [joined]],
    [
      'and follows devices',
      joining({ members: [A, member(2, 'member', 2), C, D] }),
      {},
      [{ type: 'devices', account: account(2), list: 2 }, joined],
    ],
    [
      'and drops who left',
      joining({ members: [A, C, D] }),
      { leavers: accounts(2) },
      [{ type: 'left', account: account(2) }, joined],
    ],
    [
      'and hands the room on',
      joining({ members: [member(2, 'admin'), C, D] }),
      { leavers: accounts(1) },
      [{ type: 'left', account: account(1) }, { type: 'role', account: account(2), role: 'admin' }, joined],
    ],
  ]);
  refuses(INVITING, 'R7', [
    ['[attack 38] not after its end', joining({ at: 2_001 })],
    [
      '[attack 38] not by an invite that is not open',
      joining({ admission: { ...admission, invite: bytes(9) } }),
    ],
    ['not as an admin', joining({ members: [A, B, C, member(4, 'admin')] })],
    ['not with a friend', joining({ members: [A, B, C, D, member(5)] })],
    ['not in another’s place', joining({ members: [A, B, D] })],
    ['not by promoting', joining({ members: [A, member(2, 'admin'), C, D] })],
    ['not by degrading', joining({ members: [member(1), B, C, D] })],
    ['not with another policy', joining({ policy: { add: 'member', history: 'joined', profile: 'admin' } })],
    ['not with other invites', joining({ invites: [] })],
    ['not with the past', joining({ link: bytes(1, 48) })],
    ['not as who is a member already', after(INVITING, { ...by(2), admission })],
  ]);
  refuses(INVITING, 'R3', [
    ['not without being listed', joining({ members: [A, B, C] })],
    ['not with who left', joining(), { departed: accounts(2) }],
    ['not leaving the room without an admin', joining({ members: [B, C, D] }), { leavers: accounts(1) }],
  ]);
  refuses(INVITING, 'K3', [
    ['not with a changed identity', joining({ members: [A, { ...B, identity: bytes(0x77) }, C, D] })],
  ]);
  const revoked = after(INVITING, { invites: [], epoch: 1, previous: null });
  refuses(revoked, 'R7', [['[attack 38] not once it was revoked', joining({ invites: [] })]]);
  refuses(direct(), 'R7', [['never a direct room', after(direct(), { ...by(2), admission })]]);
});

describe('[R7] an invite stands as it is until it ends', () => {
  const second = { ...invite, key: bytes(0x21) };
  const third = { ...invite, key: bytes(0x31) };
  const TWO = header({ invites: [invite, second] });
  const swapped = (change: object) => after(TWO, { invites: [{ ...invite, ...change }, second] });
  refuses(TWO, 'R7', [
    ['with its time', swapped({ expires: 9_000 })],
    ['with what it shows', swapped({ sealed: bytes(1, 40) })],
    ['in its place', after(TWO, { invites: [second, invite] })],
    ['before what is new', after(TWO, { invites: [third, invite, second] })],
  ]);
  allows(TWO, [
    [
      'while others come and go',
      after(TWO, { invites: [second, third] }),
      {},
      [{ type: 'invites', opened: 1, ended: 1 }],
    ],
    ['or while nothing changes', after(TWO), {}, [{ type: 'rekeyed' }]],
  ]);
  it('and its key stands once', () => {
    expect(() =>
      EpochHeaderCodec.decode(EpochHeaderCodec.encode(header({ invites: [invite, invite] }))),
    ).toThrow(/stands twice/);
  });
});

describe('[R7] [attack 45] who is removed does not come back by a link', () => {
  const fresh = { ...invite, key: bytes(0x41) };
  const gone = { type: 'removed', account: account(3) };
  const without = (change: Partial<EpochHeader> = {}) => after(INVITING, { members: [A, B], ...change });
  refuses(INVITING, 'R7', [
    ['a removal leaves no invite of before', without()],
    ['not even behind a new one', without({ invites: [fresh, invite] })],
    ['nor one changed', without({ invites: [{ ...invite, expires: 9_000 }] })],
    ['nor one that is over', without({ at: 2_001 })],
    ['nor where somebody else left', without({ members: [A] }), { leavers: accounts(2) }],
  ]);
  allows(INVITING, [
    ['a removal ends them', without({ invites: [] }), {}, [gone, { type: 'invites', opened: 0, ended: 1 }]],
    [
      'and may open others',
      without({ invites: [fresh] }),
      {},
      [gone, { type: 'invites', opened: 1, ended: 1 }],
    ],
    [
      'who left by themselves may use them again',
      without(),
      { leavers: accounts(3) },
      [{ type: 'left', account: account(3) }],
    ],
  ]);
  refuses(
    header({ invites: [invite], policy: { add: 'member', history: 'joined', profile: 'admin' } }),
    'R3',
    [['nor does a member open it again by removing', without({ ...by(2), invites: [fresh] })]],
  );
});
