import type { Notice } from '@sotto/client';
import { deviceJson, noticeJson } from '../../text/json.ts';
import { deviceLine, noticeLine } from '../../text/words.ts';
import { engineCommand } from '../command.ts';
import { deviceCalled } from '../find.ts';
import { print } from '../print.ts';
import { UsageError } from '../usage-error.ts';

export const devices = engineCommand({
  usage: 'devices',
  run: async (task) => print(task, await task.engine.devices.list(), deviceJson, deviceLine(task.io.texts)),
});

export const renameDevice = engineCommand({
  usage: 'devices rename DEVICE NAME',
  read: (line) => ({ device: line.one(), name: line.text() }),
  run: async ({ engine, input }) =>
    engine.devices.rename(deviceCalled(await engine.devices.list(), input.device).device, input.name),
});

export const removeDevices = engineCommand({
  usage: 'devices remove DEVICE …',
  read: (line) => ({ devices: line.all() }),
  async run({ engine, input }) {
    const known = await engine.devices.list();
    await engine.devices.remove(input.devices.map((name) => deviceCalled(known, name)));
  },
});

/** K3: the account's own name. */
export const rename = engineCommand({
  usage: 'rename NAME',
  slash: { name: 'name' },
  read: (line) => ({ name: line.text() }),
  run: ({ engine, input }) => engine.account.rename(input.name),
});

/** What is to know beside the conversations, oldest first. */
export const notices = engineCommand({
  usage: 'notices',
  async run(task) {
    const { state } = task.engine;
    const line = (notice: Notice) => `${notice.id}  ${noticeLine(task.io.texts, notice, state)}`;
    print(task, state.notices, noticeJson, line);
  },
});

/** Put away by its number, which no other ever has. */
export const dismissNotices = engineCommand({
  usage: 'notices dismiss NUMBER|all',
  slash: { name: 'dismiss', alias: 'notices dismiss' },
  read: (line) => ({ notice: line.one() }),
  async run({ engine, input: { notice } }) {
    const chosen = engine.state.notices.filter(({ id }) => notice === 'all' || id === notice);
    if (chosen.length === 0 && notice !== 'all')
      throw new UsageError((t) => t.wrong.noNotice({ number: notice }));
    for (const { id } of chosen) await engine.dismissNotice(id);
  },
});
