import { client, ready } from '@serenity-kit/opaque';
import { doWork } from '@sotto/crypto';
import { ClientError } from '../error.ts';
import type { PasswordProtocol } from '../seams/environment.ts';

/**
 * Argon2id with 64 MiB, 3 passes and 4 lanes (RFC 9106, section 4, second choice). Attack 17: it is fixed
 * here and no answer of the server can change it. Accounts made with it need it for ever: another value
 * locks them out.
 */
const KEY_STRETCHING = 'memory-constrained';

/**
 * OPAQUE (RFC 9807), client side, in this thread. Key stretching blocks it for some hundred milliseconds.
 * @throws ClientError 'bad_answer' where the server's response is malformed
 */
export function opaquePasswords(): PasswordProtocol {
  return {
    work: ({ work, request }) => doWork(work, request, rest),
    async startRegistration(password) {
      await ready;
      const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
      return { state: clientRegistrationState, request: registrationRequest };
    },
    async finishRegistration({ password, state, response }) {
      await ready;
      const { registrationRecord, exportKey } = understood(() =>
        client.finishRegistration({
          password,
          clientRegistrationState: state,
          registrationResponse: response,
          keyStretching: KEY_STRETCHING,
        }),
      );
      return { record: registrationRecord, exportKey };
    },
    async startLogin(password) {
      await ready;
      const { clientLoginState, startLoginRequest } = client.startLogin({ password });
      return { state: clientLoginState, request: startLoginRequest };
    },
    async finishLogin({ password, state, response }) {
      await ready;
      const finished = understood(() =>
        client.finishLogin({
          password,
          clientLoginState: state,
          loginResponse: response,
          keyStretching: KEY_STRETCHING,
        }),
      );
      return finished ? { finish: finished.finishLoginRequest, exportKey: finished.exportKey } : null;
    },
  };
}

/** The screen of a terminal goes on while work is done. */
const rest = () => new Promise<void>((resolve) => setTimeout(resolve));

function understood<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new ClientError('bad_answer', { cause });
  }
}
