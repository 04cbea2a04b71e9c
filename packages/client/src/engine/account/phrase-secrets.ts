import { type RecoverySecrets, recoverySecrets, VerificationError } from '@sotto/crypto';
import { ClientError } from '../../error.ts';

/** What a recovery phrase stands for. @throws ClientError 'bad_phrase' where it is none */
export async function phraseSecrets(phrase: string): Promise<RecoverySecrets> {
  try {
    return await recoverySecrets(phrase);
  } catch (cause) {
    if (cause instanceof VerificationError) throw new ClientError('bad_phrase', { cause });
    throw cause;
  }
}
