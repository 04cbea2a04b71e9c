import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { type Bytes, recoveryPayload, signingInput, utf8 } from '@sotto/protocol';
import { VerificationError } from '../failure.ts';
import { hkdfSha256 } from '../primitives/digest.ts';
import { importSigningKeySeed, type SigningKey, signBytes } from '../primitives/ed25519.ts';
import { randomBytes } from '../primitives/random.ts';

const EMPTY = new Uint8Array(0);

/** What a recovery phrase stands for: the secret of the vault's second lock, and the key that proves it. */
export interface RecoverySecrets {
  /** Secret of the lock of kind 'phrase', 32 bytes. */
  readonly phraseKey: Bytes;
  /** Its public half is left with the server, so that the phrase alone asks for the vault. */
  readonly recovery: SigningKey;
}

/** A fresh phrase: 256 random bits as 24 English words (BIP-39). */
export function newPhrase(): string {
  return entropyToMnemonic(randomBytes(32), wordlist);
}

/** Those that stand in no phrase, as written; for a message that names them. */
export function unknownWords(words: readonly string[]): string[] {
  return words.filter((word) => !wordlist.includes(word.normalize('NFKD').toLowerCase()));
}

/** @throws VerificationError K5 'bad_phrase' where it is not 24 known words with their checksum */
export async function recoverySecrets(phrase: string): Promise<RecoverySecrets> {
  const words = phrase.normalize('NFKD').trim().toLowerCase().split(/\s+/);
  let entropy: Bytes;
  try {
    entropy = new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist));
  } catch (cause) {
    throw new VerificationError('K5', 'bad_phrase', 'the recovery phrase has a wrong word', { cause });
  }
  if (entropy.length !== 32)
    throw new VerificationError('K5', 'bad_phrase', 'the recovery phrase has 24 words');
  const phraseKey = await hkdfSha256(entropy, EMPTY, utf8('sotto/v1/phrase-vault\0'), 32);
  const seed = await hkdfSha256(entropy, EMPTY, utf8('sotto/v1/phrase-proof\0'), 32);
  return { phraseKey, recovery: await importSigningKeySeed(seed, { extractable: false }) };
}

/** The 64-byte signature by which the phrase asks for the vault. */
export const proveRecovery = (
  proof: Parameters<typeof recoveryPayload>[0],
  recovery: SigningKey,
): Promise<Bytes> => signBytes(recovery, signingInput('recovery', recoveryPayload(proof)));
