import { MalformedError } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { UsageError, VerificationError } from '../src/index.ts';
import { parse } from '../src/parse.ts';
import { expectRefusal } from './support/refusal.ts';

describe('whose fault it is', () => {
  it('a structure without its form is refused by its rule, with what was wrong', async () => {
    const cause = new MalformedError('no map');
    const refusal = await expectRefusal(
      () =>
        parse('R1', () => {
          throw cause;
        }),
      'R1',
      'malformed',
    );
    expect(refusal.cause).toBe(cause);
    expect(refusal.message).toBe(`[R1] ${cause.message}`);
  });

  it('our own fault in reading stays ours', () => {
    const fault = new RangeError('ours');
    const reading = () =>
      parse('R1', () => {
        throw fault;
      });
    expect(reading).toThrow(fault);
  });

  it('a cause is there where one was given, and only there', () => {
    const cause = new Error('before');
    expect(new UsageError('now', cause).cause).toBe(cause);
    expect(new UsageError('now')).not.toHaveProperty('cause');
    expect(new VerificationError('R1', 'malformed', 'now')).not.toHaveProperty('cause');
    expect(new VerificationError('R1', 'malformed', 'now', { cause })).toMatchObject({ cause });
    expect([new UsageError('now').name, new VerificationError('R1', 'gap', '').name]).toEqual([
      'UsageError',
      'VerificationError',
    ]);
  });
});
