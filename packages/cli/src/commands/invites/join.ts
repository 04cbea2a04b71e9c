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
  slash: { name: 'preview', usage: 'LINK' },
  async run({ engine, input, json, io }) {
    const found = await engine.rooms.previewInvite(fragmentOf(input.link));
    io.out(json ? jsonLine(previewJson(found)) : previewLine(found));
  },
});

export const joinInvite = engineCommand({
  ...linked('invite join'),
  slash: { name: 'join', usage: 'LINK' },
  async run(task) {
    const { engine, input, io } = task;
    const fragment = fragmentOf(input.link);
    const found = await engine.rooms.previewInvite(fragment);
    io.note(io.texts.invites.joining({ group: previewLine(found) }));
    const room = await engine.rooms.join(fragment, found);
    const shown = () => engine.state.rooms.has(room);
    await holds(engine, shown, { within: SHOWN_WITHIN, ended: io.ended });
    task.onRoom?.(room);
    showRoom(task, room);
  },
});
