import { ClientError } from '../error.ts';
import type { PasswordProtocol } from '../seams/environment.ts';
import { trustWorkerAddress } from './worker-address.ts';
import type { PasswordStep, WorkerAnswer, WorkerRequest } from './worker-messages.ts';

/** Milliseconds until a step without an answer counts as failed; Argon2 takes about one second. */
const STEP_TIMEOUT = 60_000;
/** Milliseconds without work until the worker ends: its memory held the password's hash. */
const IDLE_TIMEOUT = 30_000;

/**
 * OPAQUE in a dedicated worker, which starts with the first step and ends when idle.
 * @param address of the built `password-worker` module
 * @throws ClientError 'usage' from each step where the worker cannot start or died
 */
export function workerPasswords(address: string): PasswordProtocol {
  const thread = new PasswordThread(address);
  const call = <Result>(step: PasswordStep) => thread.run(step) as Promise<Result>;
  return {
    work: (input) => call({ step: 'work', input }),
    startRegistration: (input) => call({ step: 'startRegistration', input }),
    finishRegistration: (input) => call({ step: 'finishRegistration', input }),
    startLogin: (input) => call({ step: 'startLogin', input }),
    finishLogin: (input) => call({ step: 'finishLogin', input }),
  };
}

interface PendingStep {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: ClientError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

class PasswordThread {
  readonly #address: string;
  readonly #pending = new Map<number, PendingStep>();
  #trusted: string | undefined;
  #worker: Worker | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(address: string) {
    this.#address = address;
  }

  run(step: PasswordStep): Promise<unknown> {
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const timer = setTimeout(() => this.#fail('did not answer in time'), STEP_TIMEOUT);
      this.#pending.set(id, { resolve, reject, timer });
      try {
        this.#start().postMessage({ ...step, id } satisfies WorkerRequest);
      } catch (error) {
        this.#fail('could not be started', error);
      }
    });
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    this.#trusted ??= trustWorkerAddress(this.#address);
    const worker = new Worker(this.#trusted, { type: 'module', name: 'sotto-passwords' });
    let answered = false;
    worker.addEventListener('message', (event: MessageEvent<WorkerAnswer>) => {
      answered = true;
      this.#settle(event.data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#fail(answered ? 'died' : 'could not be started', event.message);
    });
    worker.addEventListener('messageerror', () => {
      if (this.#worker === worker) this.#fail('sent what cannot be read');
    });
    this.#worker = worker;
    return worker;
  }

  #settle(answer: WorkerAnswer): void {
    const step = this.#pending.get(answer.id);
    if (!step) return;
    this.#pending.delete(answer.id);
    clearTimeout(step.timer);
    if (this.#pending.size === 0) this.#idle = setTimeout(() => this.#end(), IDLE_TIMEOUT);
    if (answer.type === 'done') step.resolve(answer.result);
    else if (answer.code) step.reject(new ClientError(answer.code, { message: answer.message }));
    else step.reject(problem(`failed: ${answer.message}`));
  }

  /** Ends the worker and everything it was asked for; the next step starts a new one. */
  #fail(what: string, cause?: unknown): void {
    this.#end();
    const steps = [...this.#pending.values()];
    this.#pending.clear();
    for (const step of steps) {
      clearTimeout(step.timer);
      step.reject(problem(what, cause));
    }
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function problem(what: string, cause?: unknown): ClientError {
  return new ClientError('usage', {
    reason: 'worker_failed',
    message: `The worker that handles passwords ${what}.`,
    cause,
  });
}
