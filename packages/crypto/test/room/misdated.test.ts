import { LIMITS } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { rejected, twin } from '../support/log.ts';
import { setup } from '../support/room.ts';

describe('[R1] [attack 40] a header dated far from its entry', () => {
  it('is refused like any broken rule: the room stays in its epoch, and the next one follows', async () => {
    const { room, people } = await setup('alice', 'bob');
    const first = room.header;
    const time = room.entry('epoch', people[0].author(), first.signed).time;
    const edge = LIMITS.headerSkew;
    for (const off of [-edge - 1, edge + 1, -5 * 365 * 86_400_000, LIMITS.time - time]) {
      const at = time + off;
      const entry = room.entry(
        'epoch',
        people[0].author(),
        (await room.epoch(people[0], { at })).header.signed,
      );
      const outcome = await room.take({ ...entry, time });
      expect(outcome, `${off}`).toMatchObject(rejected('R1', 'misdated'));
      expect(room.header).toEqual(first);
    }
    expect(room.state.position).toBe(5); // each took its place in the log
    expect((await room.takeEpoch(people[0], { at: time })).header.header.epoch).toBe(2);
  });

  it('is taken up to the very edge, by everyone', async () => {
    for (const off of [-LIMITS.headerSkew, LIMITS.headerSkew]) {
      const { room, people } = await setup('alice', 'bob');
      const bobs = twin(room);
      const entry = room.entry('epoch', people[0].author(), room.header.signed);
      const { header } = await room.epoch(people[0], { at: entry.time + off });
      const placed = room.entry('epoch', people[0].author(), header.signed);
      for (const each of [room, bobs]) expect(await each.take(placed)).toMatchObject({ type: 'epoch' });
    }
  });
});
