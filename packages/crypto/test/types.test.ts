import type { AccountId, Ciphertext, DeviceId, LogEntry } from '@sotto/protocol';
import { describe, expectTypeOf, it } from 'vitest';
import type { advanceRoom, EpochSecret, openWrap, RoomState, wrapSecret } from '../src/index.ts';

describe('[attack 14] plaintext cannot be where ciphertext belongs', () => {
  it('a plain text is not a Ciphertext', () => {
    // @ts-expect-error only sealing and parsing make the brand
    const body: Ciphertext = 'hello';
    expectTypeOf(body).toEqualTypeOf<Ciphertext>();
    expectTypeOf<string>().not.toMatchTypeOf<Ciphertext>();
    expectTypeOf<LogEntry['body']>().toEqualTypeOf<Ciphertext>();
    expectTypeOf<Parameters<typeof openWrap>[0]>().toEqualTypeOf<Ciphertext>();
  });

  it('a log entry takes no plain text', () => {
    const entry = (body: Ciphertext): Pick<LogEntry, 'body'> => ({ body });
    // @ts-expect-error a text is not a Ciphertext
    entry('hello');
  });

  it('any 32 bytes are not an epoch secret', () => {
    // @ts-expect-error only asEpochSecret and the epoch itself make the brand
    const secret: EpochSecret = new Uint8Array(32);
    expectTypeOf(secret).toEqualTypeOf<EpochSecret>();
    expectTypeOf<Parameters<typeof wrapSecret>[0]>().toEqualTypeOf<EpochSecret>();
  });

  it('an account is not a device', () => {
    const account = 'AAAAAAAAAAAAAAAAAAAAAA' as AccountId;
    // @ts-expect-error ids of two kinds never mix
    const device: DeviceId = account;
    expectTypeOf(device).toEqualTypeOf<DeviceId>();
  });

  it('a room’s state is never changed in place', () => {
    const change = (state: RoomState) => {
      // @ts-expect-error readonly: advanceRoom gives a new one
      state.position = 1;
    };
    expectTypeOf(change).toBeFunction();
    expectTypeOf<Parameters<typeof advanceRoom>[0]>().toEqualTypeOf<RoomState>();
  });
});
