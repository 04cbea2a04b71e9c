import { client, ready } from '@serenity-kit/opaque';
import { doWork } from '@sotto/crypto';
import type { PasswordProtocol } from '../../packages/client/src/seams/index.ts';

/** OPAQUE as everywhere, with a stretching that takes no time: hundreds of logins are not about guessing. */
const KEY_STRETCHING = { 'argon2id-custom': { iterations: 1, memory: 64, parallelism: 1 } };

export function quickPasswords(): PasswordProtocol {
  return {
    work: ({ work, request }) => doWork(work, request),
    async startRegistration(password) {
      await ready;
      const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
      return { state: clientRegistrationState, request: registrationRequest };
    },
    async finishRegistration({ password, state, response }) {
      const { registrationRecord, exportKey } = client.finishRegistration({
        password,
        clientRegistrationState: state,
        registrationResponse: response,
        keyStretching: KEY_STRETCHING,
      });
      return { record: registrationRecord, exportKey };
    },
    async startLogin(password) {
      await ready;
      const { clientLoginState, startLoginRequest } = client.startLogin({ password });
      return { state: clientLoginState, request: startLoginRequest };
    },
    async finishLogin({ password, state, response }) {
      const finished = client.finishLogin({
        password,
        clientLoginState: state,
        loginResponse: response,
        keyStretching: KEY_STRETCHING,
      });
      return finished ? { finish: finished.finishLoginRequest, exportKey: finished.exportKey } : null;
    },
  };
}
