import type { AccountId, Asker, DeviceId, HeaderHash } from '@sotto/protocol';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Device, RequestDesk } from '../src/realtime/request-desk.ts';
import { newGroupId, randomId } from './support/signing.ts';

const PATIENCE = 1_000;
const someone = (): Device => ({ account: randomId<AccountId>(), device: randomId<DeviceId>() });
const header = (name: string) => name as HeaderHash;

function openDesk(members: Device[]) {
  vi.useFakeTimers();
  const asker: Asker = { ...someone(), room: newGroupId() };
  const open = new Set([header('a'), header('b')]);
  const handed: Device[] = [];
  const errors: unknown[] = [];
  const desk = new RequestDesk(
    {
      open: async () => [...open],
      helpers: async () => members,
      hand: (helper) => handed.push(helper),
      onError: (error) => errors.push(error),
    },
    () => PATIENCE,
  );
  onTestFinished(() => {
    desk.close();
    expect(errors).toEqual([]);
  });
  /** Lets time pass, and what it starts come to rest. */
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  return { asker, open, handed, desk, pass };
}

afterEach(() => vi.useRealTimers());

describe('[R6] [attack 50] a request is one device’s work at a time', () => {
  test('in order, the next one where there is no answer in time', async () => {
    const members = [someone(), someone(), someone()];
    const { asker, handed, desk, pass } = openDesk(members);
    desk.asked(asker);
    desk.asked(asker); // asking again hurries nobody
    await pass(PATIENCE - 1);
    expect(handed).toEqual([members[0]]);
    await pass(1);
    expect(handed).toEqual(members.slice(0, 2));
    await pass(10 * PATIENCE);
    expect(handed).toEqual(members); // each once
    desk.asked(asker);
    await pass(0);
    expect(handed).toEqual([...members, members[0]]);
    await pass(PATIENCE);
    expect(handed).toEqual([...members, ...members.slice(0, 2)]);
  });

  test('what an answer leaves open goes to the next at once, and ends with the last of it', async () => {
    const members = [someone(), someone(), someone()] as const;
    const { asker, open, handed, desk, pass } = openDesk([...members]);
    desk.asked(asker);
    await pass(0);
    open.delete(header('a'));
    desk.answered(asker, members[1]); // who was not asked ends nobody's turn
    await pass(0);
    expect(handed).toEqual([members[0]]);
    desk.answered(asker, members[0]);
    await pass(0);
    expect(handed).toEqual(members.slice(0, 2));
    open.clear();
    desk.answered(asker, members[1]);
    await pass(10 * PATIENCE);
    expect(handed).toEqual(members.slice(0, 2));
  });

  test('[attack 27] who answered with rubbish comes last when the device asks again', async () => {
    const members = [someone(), someone()] as const;
    const { asker, open, handed, desk, pass } = openDesk([...members]);
    desk.asked(asker);
    await pass(0);
    const before = [...open];
    open.clear();
    desk.answered(asker, members[0]);
    await pass(PATIENCE);
    for (const again of before) open.add(again);
    desk.asked(asker);
    await pass(0);
    expect(handed).toEqual([members[0], members[1]]);
  });

  test('[attack 27] an account with many devices has no more turns than others; the asker’s own go first', async () => {
    const many = someone().account;
    const hostile = [1, 2, 3].map(() => ({ ...someone(), account: many }));
    const honest = someone();
    const members: Device[] = [...hostile, honest];
    const { asker, open, handed, desk, pass } = openDesk(members);
    desk.asked(asker);
    await pass(0);
    const before = [...open];
    open.clear();
    desk.answered(asker, members[0] as Device); // with rubbish
    await pass(0);
    for (const again of before) open.add(again);
    desk.asked(asker);
    await pass(0);
    expect(handed).toEqual([hostile[0], honest]);
    const own = [1, 2, 3].map(() => ({ ...someone(), account: asker.account }));
    members.unshift(...own);
    await pass(4 * PATIENCE);
    expect(handed).toEqual([hostile[0], honest, ...own, hostile[1]]);
  });

  test('[attack 27] who had fewest turns begins the next round', async () => {
    const account = someone().account;
    const [one, two] = [1, 2].map(() => ({ ...someone(), account })) as [Device, Device];
    const honest = someone();
    const { asker, handed, desk, pass } = openDesk([one, two, honest]);
    desk.asked(asker);
    await pass(10 * PATIENCE);
    expect(handed).toEqual([one, honest, two]);
    desk.asked(asker);
    await pass(0);
    expect(handed.at(-1)).toEqual(honest);
  });

  test('who goes without an answer gives way at once; who was asked may answer late and again, until the device asks anew', async () => {
    const members = [someone(), someone()] as const;
    const { asker, handed, desk, pass } = openDesk([...members]);
    desk.asked(asker);
    await pass(0);
    expect(members.map((member) => desk.handed(asker, member))).toEqual([true, false]);
    desk.left(members[1]); // who has nothing to do there changes nothing
    await pass(0);
    expect(handed).toEqual([members[0]]);
    desk.left(members[0]);
    expect(members.map((member) => desk.handed(asker, member))).toEqual([false, false]); // the next one is looked for
    await pass(0);
    expect(handed).toEqual(members);
    expect(members.map((member) => desk.handed(asker, member))).toEqual([false, true]); // it is her turn alone
    desk.answered(asker, members[1]);
    await pass(0);
    expect(members.map((member) => desk.handed(asker, member))).toEqual([true, true]);
    desk.asked(asker); // another round
    expect(members.map((member) => desk.handed(asker, member))).toEqual([false, false]);
    await pass(0);
    expect(members.map((member) => desk.handed(asker, member))).toEqual([true, false]);
    expect(desk.handed({ ...asker, room: newGroupId() }, members[0])).toBe(false);
  });

  test('[attack 27] who had a turn answers no more once the device asks anew, though nobody else is there', async () => {
    const members = [someone()];
    const [first] = members as [Device];
    const { asker, open, handed, desk, pass } = openDesk(members);
    desk.asked(asker);
    await pass(0);
    desk.asked(asker); // while somebody has it this changes nothing
    open.clear();
    desk.answered(asker, first);
    await pass(0);
    expect([handed, desk.handed(asker, first)]).toEqual([[first], true]); // its answer may be said again
    members.pop();
    open.add(header('a'));
    desk.asked(asker);
    await pass(0);
    expect([handed, desk.handed(asker, first)]).toEqual([[first], false]);
  });

  test('many headers: time for the work they are', async () => {
    vi.useFakeTimers();
    const members = [someone(), someone()];
    const asker: Asker = { ...someone(), room: newGroupId() };
    const headers = Array.from({ length: 200 }, (_, index) => header(String(index)));
    const handed: Device[] = [];
    const desk = new RequestDesk({
      open: async () => headers,
      helpers: async () => members,
      hand: (helper) => handed.push(helper),
      onError: (error) => expect.unreachable(String(error)),
    });
    onTestFinished(() => desk.close());
    desk.asked(asker);
    await vi.advanceTimersByTimeAsync(5_999);
    expect(handed).toEqual(members.slice(0, 1));
    await vi.advanceTimersByTimeAsync(1);
    expect(handed).toEqual(members);
  });

  test('nobody is there: whoever comes is asked', async () => {
    const members: Device[] = [];
    const { asker, handed, desk, pass } = openDesk(members);
    desk.asked(asker);
    await pass(10 * PATIENCE);
    expect(handed).toEqual([]);
    members.push(someone());
    desk.arrived([asker]);
    await pass(0);
    members.push(someone());
    desk.arrived([asker]);
    await pass(0);
    expect(handed).toEqual(members.slice(0, 1));
    await pass(PATIENCE);
    expect(handed).toEqual(members);
    await pass(PATIENCE);
    desk.arrived([asker]); // whoever comes begins no round for those who had their turn
    await pass(0);
    desk.left(someone()); // nobody has it now
    desk.answered({ ...asker, room: newGroupId() }, someone()); // a request that is forgotten
    await pass(0);
    expect(handed).toEqual(members);
  });

  test('a desk that closes ends every turn, hands on nothing that is under way, and looks nothing up any more', async () => {
    const members = [someone(), someone()] as const;
    const { asker, handed, desk, pass } = openDesk([...members]);
    desk.asked(asker);
    await pass(0);
    desk.close();
    expect([vi.getTimerCount(), desk.handed(asker, members[0])]).toEqual([0, false]);
    expect(handed).toEqual([members[0]]);

    const open = vi.fn(async () => [header('a')]);
    const closing: RequestDesk = new RequestDesk({
      open,
      helpers: async () => {
        closing.close();
        return [...members];
      },
      hand: (helper) => handed.push(helper),
      onError: (error) => expect.unreachable(String(error)),
    });
    closing.asked(asker);
    await pass(0);
    closing.asked(asker);
    await pass(10 * PATIENCE);
    expect([handed, open.mock.calls]).toEqual([[members[0]], [[asker]]]);
  });

  test('what fails is told, and the next step is taken all the same', async () => {
    vi.useFakeTimers();
    const member = someone();
    const asker: Asker = { ...someone(), room: newGroupId() };
    const broken = new Error('no disk');
    const [handed, errors]: [Device[], unknown[]] = [[], []];
    const open = vi.fn(async () => [header('a')]).mockRejectedValueOnce(broken);
    const desk = new RequestDesk({
      open,
      helpers: async () => [member],
      hand: (helper) => handed.push(helper),
      onError: (error) => errors.push(error),
    });
    onTestFinished(() => desk.close());
    desk.asked(asker);
    await vi.advanceTimersByTimeAsync(0);
    expect([handed, errors]).toEqual([[], [broken]]);
    desk.asked(asker);
    await vi.advanceTimersByTimeAsync(0);
    expect([handed, errors]).toEqual([[member], [broken]]);
  });

  test('[attack 37] of very many that ask those who asked longest ago are forgotten, their turns with them', async () => {
    const members = [someone(), someone()] as const;
    const { asker, handed, desk, pass } = openDesk([...members]);
    const second = { ...asker, room: newGroupId() };
    for (const first of [asker, second]) desk.asked(first);
    await pass(0);
    desk.asked(asker); // its turn goes on; it is the newest again
    const more = (count: number) => {
      for (let n = 0; n < count; n += 1)
        desk.arrived([{ ...asker, device: randomId<DeviceId>(), room: asker.room }]);
    };
    more(9_998);
    expect([asker, second].map((one) => desk.handed(one, members[0]))).toEqual([true, true]);
    more(1);
    expect([asker, second].map((one) => desk.handed(one, members[0]))).toEqual([true, false]);
    await pass(0);
    expect([handed.length, vi.getTimerCount()]).toEqual([10_001, 10_000]);
  });
});
