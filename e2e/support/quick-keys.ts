import { client, ready } from '@serenity-kit/opaque';
import type { PasswordProtocol } from '../../packages/client/src/seams/index.ts';

/** OPAQUE as everywhere, with a stretching that takes no time: hundreds of logins are not about guessing. */
const KEY_STRETCHING = { 'argon2id-custom': { iterations: 1, memory: 64, parallelism: 1 } };

export function quickPasswords(): PasswordProtocol {
  return {
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

const POOL = 8;

/**
 * RSA keys take longer to find than all else a device does when it is made. Real ones, made once, go round.
 * @returns puts the platform's own back
 */
export function poolRsaKeys(): () => void {
  const { subtle } = crypto;
  const own = subtle.generateKey.bind(subtle);
  const pool: Promise<CryptoKeyPair>[] = [];
  let next = 0;
  const pooled = ((algorithm: RsaHashedKeyGenParams, extractable: boolean, uses: KeyUsage[]) => {
    if (algorithm.name !== 'RSA-OAEP') return own(algorithm, extractable, uses);
    const at = next % POOL;
    next += 1;
    pool[at] ??= own(algorithm, true, uses) as Promise<CryptoKeyPair>;
    return pool[at];
  }) as SubtleCrypto['generateKey'];
  subtle.generateKey = pooled;
  return () => {
    subtle.generateKey = own;
  };
}
