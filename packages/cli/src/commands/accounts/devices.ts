import type { Notice } from '@sotto/client';
import { deviceJson, noticeJson } from '../../text/json.ts';
import { deviceLine, noticeLine } from '../../text/words.ts';
import { engineCommand } from '../command.ts';
import { deviceCalled } from '../find.ts';
import { print } from '../print.ts';
import { UsageError } from '../usage-error.ts';

export const devices = engineCommand({
  usage: 'devices',
  help: "the account's devices",
  run: async (task) => print(task, await task.engine.devices(), deviceJson, deviceLine),
});

export const renameDevice = engineCommand({
  usage: 'devices rename DEVICE NAME',
  help: 'names one: by its id, the beginning of it, or its name',
  read: (line) => ({ device: line.one(), name: line.text() }),
  run: async ({ engine, input }) =>
    engine.renameDevice(deviceCalled(await engine.devices(), input.device).device, input.name),
});

export const removeDevices = engineCommand({
  usage: 'devices remove DEVICE …',
  help: 'signs devices off; every conversation gets new keys',
  read: (line) => ({ devices: line.all() }),
  async run({ engine, input }) {
    const known = await engine.devices();
    await engine.removeDevices(input.devices.map((name) => deviceCalled(known, name)));
  },
});

/** K3: the account's own name. */
export const rename = engineCommand({
  usage: 'rename NAME',
  help: 'what people call you from now on; everyone you talk with is told',
  slash: { name: 'name' },
  read: (line) => ({ name: line.text() }),
  run: ({ engine, input }) => engine.renameSelf(input.name),
});

/** What is to know beside the conversations, oldest first. */
export const notices = engineCommand({
  usage: 'notices',
  help: 'what is to know: refused entries, new devices',
  nothing: 'Nothing to know.',
  async run(task) {
    const { state } = task.engine;
    print(task, state.notices, noticeJson, (notice: Notice) => `${notice.id}  ${noticeLine(notice, state)}`);
  },
});

/** Put away by its number, which no other ever has. */
export const dismissNotices = engineCommand({
  usage: 'notices dismiss NUMBER|all',
  help: 'puts it away',
  slash: { name: 'dismiss', alias: 'notices dismiss' },
  read: (line) => ({ notice: line.one() }),
  async run({ engine, input: { notice } }) {
    const chosen = engine.state.notices.filter(({ id }) => notice === 'all' || id === notice);
    if (chosen.length === 0 && notice !== 'all')
      throw new UsageError(`${notice}: there is no such notice; notices lists them.`);
    for (const { id } of chosen) await engine.dismissNotice(id);
  },
});
