/** Writes pairs of rows until it is killed; prints each number once its transaction was acknowledged. */
import { argv, stdout } from 'node:process';
import { fileHost } from '../../src/node/file-host.ts';

const [, , directory, account] = argv;
if (!directory || !account) throw new Error('expected a directory and an account');
const storage = await fileHost(directory).open(account);
for (let number = 1; ; number++) {
  await storage.transaction(['entries', 'outbox'], 'write', async (transaction) => {
    await transaction.put('entries', ['r', number], number);
    await transaction.put('outbox', ['r', number], number);
  });
  await new Promise<void>((resolve) => stdout.write(`${number}\n`, () => resolve()));
}
