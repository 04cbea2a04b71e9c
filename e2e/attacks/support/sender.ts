import type { AccountId, RoomId } from '@sotto/protocol';
import { acquaintedSotto } from '../../support/acquainted.ts';

/**
 * A person's program that is killed at any moment: opens the store and sends numbered messages. A number is
 * printed once the outbox holds it for good; what was printed must arrive, and nothing twice.
 * Arguments: server, folder, account, room, first number.
 */
const [server = '', directory = '', account = '', room = '', from = '0'] = process.argv.slice(2);
const engine = await acquaintedSotto({ server, directory }).resume(account as AccountId);
process.stdout.write('open\n');
for (let number = Number(from); ; number++) {
  process.stdout.write(`try ${number}\n`);
  await engine.messages.send(room as RoomId, { body: `number ${number}` });
  process.stdout.write(`kept ${number}\n`);
  if (number % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
