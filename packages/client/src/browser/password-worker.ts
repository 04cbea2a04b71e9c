/**
 * The dedicated worker for passwords: OPAQUE is WebAssembly, which the page's policy forbids, and Argon2
 * would stall the page. Only this worker's own response may carry `wasm-unsafe-eval` (attack 31).
 */
import { ClientError } from '../error.ts';
import { opaquePasswords } from '../password/opaque-passwords.ts';
import type { WorkerAnswer, WorkerRequest } from './worker-messages.ts';

const passwords = opaquePasswords();

self.addEventListener('message', async (event: MessageEvent<WorkerRequest>) => {
  const request = event.data;
  self.postMessage(await answer(request));
});

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  try {
    return { id: request.id, type: 'done', result: await run(request) };
  } catch (error) {
    return {
      id: request.id,
      type: 'failed',
      code: error instanceof ClientError ? error.code : undefined,
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

function run(request: WorkerRequest): Promise<unknown> {
  switch (request.step) {
    case 'work':
      return passwords.work(request.input);
    case 'startRegistration':
      return passwords.startRegistration(request.input);
    case 'finishRegistration':
      return passwords.finishRegistration(request.input);
    case 'startLogin':
      return passwords.startLogin(request.input);
    case 'finishLogin':
      return passwords.finishLogin(request.input);
  }
}
