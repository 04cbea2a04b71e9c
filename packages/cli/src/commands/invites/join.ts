import { jsonLine } from '../../text/harmless.ts';
import { previewJson } from '../../text/json.ts';
import { previewLine } from '../../text/words.ts';
import { engineCommand } from '../command.ts';
import { showRoom } from '../groups/show.ts';
import { holds } from '../wait.ts';
import { fragmentOf, linked } from './link.ts';

const SHOWN_WITHIN = 10_000;

export const showInvite = engineCommand({
  ...linked('invite show'),
  help: 'what a link leads to. It is asked for: a link is a secret',
  slash: { name: 'preview', usage: 'LINK', help: 'what an invite link leads to' },
  async run({ engine, input, json, io }) {
    const found = await engine.previewInvite(fragmentOf(input.link));
    io.out(json ? jsonLine(previewJson(found)) : previewLine(found));
  },
});

export const joinInvite = engineCommand({
  ...linked('invite join'),
  help: 'comes in by a link, which is asked for',
  slash: { name: 'join', usage: 'LINK', help: 'comes in by an invite link' },
  async run(task) {
    const { engine, input, io } = task;
    const fragment = fragmentOf(input.link);
    const found = await engine.previewInvite(fragment);
    io.note(`Joining ${previewLine(found)}`);
    const room = await engine.joinByInvite(fragment, found);
    const shown = () => engine.state.rooms.has(room);
    await holds(engine, shown, { within: SHOWN_WITHIN, ended: io.ended });
    task.onRoom?.(room);
    showRoom(task, room);
  },
});
