import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../src/environment.ts';
import { networkOf } from '../src/limits/address.ts';
import { Limiter } from '../src/limits/limiter.ts';
import { withDefaultRates } from '../src/limits/rates.ts';

describe('[attack 37] token buckets', () => {
  test('give the burst at once, then as fast as they refill, and say how long to wait', () => {
    let now = 0;
    const limiter = new Limiter(withDefaultRates({ sends: { burst: 3, perSecond: 2 } }), () => now);
    expect([1, 2, 3].map(() => limiter.take('sends', 'a'))).toEqual([0, 0, 0]);
    expect(limiter.take('sends', 'a')).toBe(500);
    expect(limiter.take('sends', 'b')).toBe(0);
    expect(limiter.take('signals', 'a')).toBe(0);
    now = 499;
    expect(limiter.take('sends', 'a')).toBe(1);
    now = 500;
    expect(limiter.take('sends', 'a')).toBe(0);
    now = 100_000;
    expect([1, 2, 3, 4].map(() => limiter.take('sends', 'a') === 0)).toEqual([true, true, true, false]);
  });

  test('a clock that goes back gives nothing away', () => {
    let now = 10_000;
    const limiter = new Limiter(withDefaultRates({ sends: { burst: 1, perSecond: 1 } }), () => now);
    expect(limiter.take('sends', 'a')).toBe(0);
    now = 0;
    expect(limiter.take('sends', 'a')).toBeGreaterThan(0);
  });

  test('what costs more waits until all of it is there', () => {
    let now = 0;
    const limiter = new Limiter(withDefaultRates({ asking: { burst: 10, perSecond: 2 } }), () => now);
    expect(limiter.take('asking', 'a', 8)).toBe(0);
    expect(limiter.take('asking', 'a', 8)).toBe(3_000);
    expect(limiter.take('asking', 'a', 2)).toBe(0);
    expect(limiter.take('asking', 'a', 99)).toBe(5_000);
    now = 5_000;
    expect(limiter.take('asking', 'a', 99)).toBe(0);
  });

  test('a flood of keys does not forget who is limited now', () => {
    let now = 0;
    const limiter = new Limiter(withDefaultRates({ sends: { burst: 1, perSecond: 0.001 } }), () => now);
    for (let i = 0; i < 19_999; i++) limiter.take('sends', `old ${i}`);
    now = 2_000_000;
    limiter.take('sends', 'mallory');
    for (let i = 0; i < 5_000; i++) limiter.take('sends', `new ${i}`);
    expect(limiter.take('sends', 'mallory')).toBeGreaterThan(0);
  });
});

test('addresses count by subscriber: one IPv4 address, one IPv6 /64', () => {
  expect(networkOf('::ffff:10.0.0.1')).toBe('10.0.0.1');
  expect(networkOf('10.0.0.1')).toBe('10.0.0.1');
  const network = networkOf('2001:db8:0:1::5');
  expect(networkOf('2001:0db8:0000:0001:ffff:ffff:ffff:ffff')).toBe(network);
  expect(networkOf('2001:db8:0:2::5')).not.toBe(network);
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
});

test('the environment: defaults, everything set, and every mistake named', () => {
  expect(readEnvironment({})).toEqual({
    port: 8080,
    metricsPort: null,
    host: '0.0.0.0',
    dataDir: './data',
    origins: [],
    name: 'Sotto',
    registration: 'open',
    directory: 'all',
    logLevel: 'info',
    trustProxy: false,
    files: {},
  });
  expect(
    readEnvironment({
      SOTTO_PORT: '0',
      SOTTO_ORIGIN: 'https://Chat.example/, http://10.0.0.2:8080',
      SOTTO_DIRECTORY: 'rooms',
      SOTTO_TRUST_PROXY: '1',
      SOTTO_LOG: 'WARN',
      SOTTO_FILE_LIMIT: '1.5 GiB',
      SOTTO_FILE_QUOTA: '2TB',
      SOTTO_FILE_QUOTA_ACCOUNT: 'none',
      SOTTO_FILE_DAYS: '2',
    }),
  ).toMatchObject({
    port: 0,
    origins: ['https://chat.example', 'http://10.0.0.2:8080'],
    directory: 'rooms',
    trustProxy: true,
    logLevel: 'warn',
    files: {
      limit: 1_536 * 1_048_592, // as sealed: a tag behind each chunk
      quota: 2e12,
      accountQuota: null,
      looseAge: 2 * 24 * 3_600_000,
    },
  });
  expect(readEnvironment({ SOTTO_FILE_LIMIT: '0' }).files).toEqual({ limit: 0 });
  for (const [name, value] of Object.entries({
    SOTTO_PORT: '70000',
    SOTTO_ORIGIN: 'ftp://x',
    SOTTO_REGISTRATION: 'x',
    SOTTO_DIRECTORY: 'x',
    SOTTO_LOG: 'x',
    SOTTO_TRUST_PROXY: 'x',
    SOTTO_NAME: 'x'.repeat(61),
    SOTTO_FILE_LIMIT: '5 gigs',
    SOTTO_FILE_QUOTA: '-1',
    SOTTO_FILE_QUOTA_ACCOUNT: '9'.repeat(15).concat('T'),
    SOTTO_FILE_DAYS: '0',
  })) {
    expect(() => readEnvironment({ [name]: value }), name).toThrow(name);
  }
});
