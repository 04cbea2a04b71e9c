import { ClientError, type OwnDevice } from '@sotto/client';
import { expect, it } from 'vitest';
import { nameNow } from '../src/devices/words.ts';

const engine = (devices: () => Promise<readonly OwnDevice[]>) => ({ list: devices });
const phone = { device: 'phone', name: 'Phone' } as unknown as OwnDevice;

it('a new device is asked about by its name, once it has one', async () => {
  expect(
    await nameNow(
      engine(async () => [phone]),
      'phone',
    ),
  ).toBe('Phone');
  expect(
    await nameNow(
      engine(async () => []),
      'phone',
    ),
  ).toBe('');
});

it('offline it is asked about without; a fault of ours is not taken for that', async () => {
  const offline = new ClientError('unreachable', {});
  expect(
    await nameNow(
      engine(() => Promise.reject(offline)),
      'phone',
    ),
  ).toBeNull();
  const fault = new TypeError('x is not a function');
  await expect(
    nameNow(
      engine(() => Promise.reject(fault)),
      'phone',
    ),
  ).rejects.toBe(fault);
});
