import { client, ready, server } from '@serenity-kit/opaque';
import { type Bytes, fromBase64Url, workInput, workTry, zeroBits } from '@sotto/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PasswordProtocol } from '../../src/seams/environment.ts';

/** The password protocol against the real server side of OPAQUE. */
export function describePasswords(name: string, passwords: () => PasswordProtocol): void {
  describe(`passwords contract: ${name}`, { timeout: 30_000 }, () => {
    const userIdentifier = 'account';
    let serverSetup: string;
    beforeAll(async () => {
      await ready;
      serverSetup = server.createSetup();
    });

    const register = async (password: string) => {
      const { state, request } = await passwords().startRegistration(password);
      const { registrationResponse: response } = server.createRegistrationResponse({
        serverSetup,
        userIdentifier,
        registrationRequest: request,
      });
      return passwords().finishRegistration({ password, state, response });
    };
    const login = async (password: string, registrationRecord: string) => {
      const { state, request } = await passwords().startLogin(password);
      const { serverLoginState, loginResponse } = server.startLogin({
        serverSetup,
        userIdentifier,
        registrationRecord,
        startLoginRequest: request,
      });
      const finished = await passwords().finishLogin({ password, state, response: loginResponse });
      return finished && { ...finished, serverLoginState };
    };

    it('[K5] signs in with the right password, to the same export key, and not with a wrong one', async () => {
      const { record, exportKey } = await register('correct horse');
      const right = await login('correct horse', record);
      expect(right?.exportKey).toBe(exportKey);
      const session = server.finishLogin({
        serverLoginState: right?.serverLoginState ?? '',
        finishLoginRequest: right?.finish ?? '',
      });
      expect(session.sessionKey).not.toBe('');
      expect(await login('wrong horse', record)).toBeNull();
    });

    it('[attack 17] a record made with weaker stretching opens nothing: parameters are ours', async () => {
      const password = 'correct horse';
      const started = client.startRegistration({ password });
      const { registrationResponse } = server.createRegistrationResponse({
        serverSetup,
        userIdentifier,
        registrationRequest: started.registrationRequest,
      });
      const { registrationRecord } = client.finishRegistration({
        password,
        clientRegistrationState: started.clientRegistrationState,
        registrationResponse,
        keyStretching: { 'argon2id-custom': { iterations: 1, memory: 1024, parallelism: 1 } },
      });
      expect(await login(password, registrationRecord)).toBeNull();
    });

    it('[attack 51] does the work that a server asks for, for that request alone', async () => {
      const work = { seed: 'A'.repeat(30).concat('Q'), bits: 12 };
      const nonce = fromBase64Url(await passwords().work({ work, request: 'abc' }));
      const sha256 = async (bytes: Bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const zeros = async (request: string) =>
        zeroBits(await sha256(workTry(await sha256(workInput(work, request)), nonce ?? new Uint8Array())));
      expect(await zeros('abc')).toBeGreaterThanOrEqual(12);
      expect(await zeros('abd')).toBeLessThan(12);
    });

    it('blames the server for a response that is none', async () => {
      const { state } = await passwords().startLogin('correct horse');
      const nonsense = { password: 'correct horse', state, response: 'AAAA' };
      await expect(passwords().finishLogin(nonsense)).rejects.toMatchObject({
        name: 'ClientError',
        code: 'bad_answer',
      });
      const { state: registration } = await passwords().startRegistration('correct horse');
      await expect(
        passwords().finishRegistration({ ...nonsense, state: registration }),
      ).rejects.toMatchObject({ name: 'ClientError', code: 'bad_answer' });
    });
  });
}
