import { describe, expect, it } from 'vitest';
import { workerPasswords } from '../../src/browser/worker-passwords.ts';
import { describePasswords } from './passwords-contract.ts';

const address = new URL('../../src/browser/password-worker.ts', import.meta.url).href;
const passwords = workerPasswords(address);
describePasswords('in a dedicated worker', () => passwords);

describe('password worker', () => {
  it('answers several steps at once, each its own', { timeout: 20_000 }, async () => {
    const started = await Promise.all(['a', 'b', 'c'].map((password) => passwords.startLogin(password)));
    expect(new Set(started.map(({ request }) => request)).size).toBe(3);
  });

  it('says so when it cannot be started, and tries again the next time', { timeout: 20_000 }, async () => {
    const missing = workerPasswords(new URL('/no-such-worker.js', location.href).href);
    for (let twice = 0; twice < 2; twice++) {
      await expect(missing.startLogin('a')).rejects.toMatchObject({
        name: 'ClientError',
        code: 'usage',
        message: expect.stringContaining('could not be started'),
      });
    }
  });

  it('says so when it dies at work', { timeout: 20_000 }, async () => {
    const source = "onmessage = () => { throw new Error('out of memory'); };";
    const dying = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    await expect(workerPasswords(dying).startLogin('a')).rejects.toMatchObject({
      name: 'ClientError',
      reason: 'worker_failed',
    });
    URL.revokeObjectURL(dying);
  });
});
