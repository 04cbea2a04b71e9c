import { type Asked, UsageError } from '../requests.ts';
import { roomJson } from '../text/json.ts';
import { harmlessLine, roomLine } from '../text/words.ts';
import { groupHere } from './find.ts';
import { EXIT, type Exit, print, type Task } from './task.ts';
import { holds } from './wait.ts';

type InviteCommand = 'invite' | 'revoke-invites' | 'preview-invite' | 'join-invite';

const DAY = 86_400_000;
const SHOWN_WITHIN = 10_000;

/** R7: links that let their holder into a group. */
export async function invites(task: Task<Asked<InviteCommand>>): Promise<Exit> {
  const { engine, server, request, json, io } = task;
  switch (request.command) {
    case 'invite': {
      const { room } = groupHere(engine, request.room);
      const expires = Date.now() + request.days * DAY;
      // The secret stands in the fragment, which no browser sends to a server.
      const link = `${server}/#/join/${await engine.createInvite(room, expires)}`;
      io.out(json ? JSON.stringify({ room, link, expires: new Date(expires).toISOString() }) : link);
      io.note('Whoever holds this link can come in. It is not shown again.');
      return EXIT.done;
    }
    case 'revoke-invites':
      await engine.revokeInvites(groupHere(engine, request.room).room);
      return EXIT.done;
    case 'preview-invite': {
      const found = await engine.previewInvite(fragmentOf(request.link));
      io.out(json ? JSON.stringify(found) : `${harmlessLine(found.name)} (${found.members})`);
      return EXIT.done;
    }
    case 'join-invite': {
      const id = await engine.joinByInvite(fragmentOf(request.link));
      const room = () => engine.state.rooms.get(id);
      await holds(engine, () => room() !== undefined, { within: SHOWN_WITHIN, ended: io.ended });
      task.onRoom?.(id);
      const joined = room();
      return print(task, joined ? [joined] : [], roomJson, roomLine);
    }
  }
}

/** What stands behind `#/join/`; of a link, or on its own. @throws UsageError where nothing is given */
export function fragmentOf(link: string | null): string {
  // A terminal may have broken it into lines where it was copied.
  const text = (link ?? '').replace(/\s+/g, '').replace(/^.*#\/?(?:join\/)?/, '');
  if (text === '') throw new UsageError('Invite link: expected one that ends with #/join/ and its secret');
  return text;
}
