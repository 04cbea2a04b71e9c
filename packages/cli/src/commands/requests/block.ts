import type { EngineState } from '@sotto/client';
import type { AccountId } from '@sotto/protocol';
import { blockedJson } from '../../text/json.ts';
import { blockedLine } from '../../text/words.ts';
import { engineCommand } from '../command.ts';
import { personCalled } from '../find.ts';
import { print } from '../print.ts';
import { UsageError } from '../usage-error.ts';
import { requestsOf } from './asked.ts';

export const block = engineCommand({
  usage: 'block PERSON',
  read: (line) => ({ person: line.text() }),
  async run(task) {
    await requestsOf(task);
    await task.engine.people.block(personCalled(task.engine.state, task.input.person).account);
  },
});

export const unblock = engineCommand({
  usage: 'unblock PERSON',
  read: (line) => ({ person: line.text() }),
  async run(task) {
    await requestsOf(task);
    await task.engine.people.unblock(blockedCalled(task.engine.state, task.input.person));
  },
});

export const blocked = engineCommand({
  usage: 'blocked',
  async run(task) {
    await requestsOf(task);
    print(task, task.engine.state.blocked, blockedJson, blockedLine);
  },
});

function blockedCalled({ blocked: known }: EngineState, name: string): AccountId {
  const [found, another] = [...known].filter(([account, called]) => account === name || called === name);
  if (found && !another) return found[0];
  throw new UsageError((t) => t.wrong[found ? 'severalBlocked' : 'noBlocked']({ name }));
}
