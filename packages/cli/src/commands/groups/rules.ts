import { oneOf } from '../arguments.ts';
import { engineCommand, type Task } from '../command.ts';
import { changeGroup } from './show.ts';

const ROLES = ['admin', 'member'] as const;

/** What is null stays as it is. */
export const setRules = engineCommand({
  usage: 'group rules ROOM [--add admin|member] [--rename admin|member] [--history joined|all]',
  slash: { name: 'rules' },
  read(line) {
    const { add, rename, history } = line.flags;
    if (add === undefined && rename === undefined && history === undefined) line.missing();
    return {
      add: add === undefined ? null : oneOf(add, ROLES, '--add'),
      rename: rename === undefined ? null : oneOf(rename, ROLES, '--rename'),
      history: history === undefined ? null : oneOf(history, ['joined', 'all'], '--history'),
      room: line.one(),
    };
  },
  run: (task) =>
    changeGroup(task, ({ room, policy }) => {
      const { add, rename, history } = task.input;
      return task.engine.rooms.setPolicy(room, {
        add: add ?? policy.add,
        history: history ?? policy.history,
        profile: rename ?? policy.profile,
      });
    }),
});

/** What is null stays as it is. */
interface Profile {
  readonly room: string;
  readonly name: string | null;
  readonly topic: string | null;
}

export const renameGroup = engineCommand({
  usage: 'group rename ROOM [NAME] [--topic TEXT]',
  slash: { name: 'rename' },
  read(line): Profile {
    const profile = { room: line.one(), name: line.maybeText(), topic: line.flags.topic ?? null };
    if (profile.name === null && profile.topic === null) line.missing();
    return profile;
  },
  run: (task) => setProfile(task),
});

export const setTopic = engineCommand({
  usage: 'topic ROOM [TEXT]',
  read: (line): Profile => ({ room: line.one(), name: null, topic: line.maybeText() ?? '' }),
  run: (task) => setProfile(task),
});

const setProfile = (task: Task<Profile>): Promise<void> =>
  changeGroup(task, ({ room, title }) => {
    const { name, topic } = task.input;
    return task.engine.rooms.rename(room, { name: name ?? title, ...(topic === null ? {} : { topic }) });
  });
