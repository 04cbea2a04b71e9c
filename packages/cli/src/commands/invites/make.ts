import { jsonLine } from '../../text/harmless.ts';
import { iso } from '../../text/time.ts';
import { numberOf } from '../arguments.ts';
import { engineCommand } from '../command.ts';
import { groupHere } from '../find.ts';

const WEEK = '7';
const YEARS = 3_650;
const DAY = 86_400_000;

/** R7: a link that lets its holder into a group. */
export const makeInvite = engineCommand({
  usage: 'invite make ROOM [--days N]',
  slash: { name: 'invite', usage: '[DAYS]' },
  read(line) {
    const room = line.inside ? line.one() : line.text();
    return { room, days: numberOf(line.flags.days ?? line.maybe() ?? WEEK, '--days', YEARS) };
  },
  async run({ engine, server, input, json, io }) {
    const { room } = groupHere(engine, input.room);
    const expires = Date.now() + input.days * DAY;
    // The secret stands in the fragment, which no browser sends to a server.
    const link = `${server}/#/join/${await engine.rooms.createInvite(room, expires)}`;
    io.out(json ? jsonLine({ room, link, expires: iso(expires) }) : link);
    io.note(io.texts.invites.made);
  },
});

export const revokeInvites = engineCommand({
  usage: 'invite revoke ROOM',
  slash: { name: 'revoke' },
  read: (line) => ({ room: line.text() }),
  run: ({ engine, input }) => engine.rooms.revokeInvites(groupHere(engine, input.room).room),
});
