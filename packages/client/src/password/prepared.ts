import { preparePassword } from '@sotto/protocol';
import { ClientError } from '../error.ts';
import type { PasswordProtocol } from '../seams/environment.ts';

/** RFC 8265: the password as every keyboard and every device gives it. @throws ClientError 'bad_password' */
export function prepared(password: string): string {
  const made = preparePassword(password);
  if (!made.ok)
    throw new ClientError(made.flaw.rule === 'empty' ? 'weak_password' : 'bad_password', { flaw: made.flaw });
  return made.password;
}

/** OPAQUE that prepares every password first, whichever way it came in. */
export function preparedPasswords(protocol: PasswordProtocol): PasswordProtocol {
  return {
    ...protocol,
    startRegistration: async (password) => protocol.startRegistration(prepared(password)),
    finishRegistration: async (input) =>
      protocol.finishRegistration({ ...input, password: prepared(input.password) }),
    startLogin: async (password) => protocol.startLogin(prepared(password)),
    finishLogin: async (input) => protocol.finishLogin({ ...input, password: prepared(input.password) }),
  };
}
