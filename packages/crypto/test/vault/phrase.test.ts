import { recoveryPayload, signingInput } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  newPhrase,
  proveRecovery,
  randomBytes,
  recoverySecrets,
  unknownWords,
  verifyBytes,
} from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';

describe('[K5] the recovery phrase', () => {
  it('is 24 words and gives the same secrets however it is typed', async () => {
    const phrase = newPhrase();
    expect(phrase.split(' ')).toHaveLength(24);
    const [a, b] = [
      await recoverySecrets(phrase),
      await recoverySecrets(`  ${phrase.toUpperCase().replaceAll(' ', '\n ')} `),
    ];
    expect(b.phraseKey).toEqual(a.phraseKey);
    expect(b.recovery.publicKey).toEqual(a.recovery.publicKey);
    expect(a.phraseKey).not.toEqual((await recoverySecrets(newPhrase())).phraseKey);
  });

  it('tells which words stand in no phrase', () => {
    expect(unknownWords(newPhrase().toUpperCase().split(' '))).toEqual([]);
    expect(unknownWords(['abandon', 'abandno', 'sotto'])).toEqual(['abandno', 'sotto']);
  });

  it('is refused with a wrong word, a wrong checksum or too few words', async () => {
    const words = newPhrase().split(' ');
    await expectRefusal(recoverySecrets([...words.slice(0, 23), 'sotto'].join(' ')), 'K5', 'bad_phrase');
    await expectRefusal(recoverySecrets(words.slice(0, 12).join(' ')), 'K5', 'bad_phrase');
    await expectRefusal(
      recoverySecrets(Array.from({ length: 24 }, () => 'zoo').join(' ')),
      'K5',
      'bad_phrase',
    );
    await expectRefusal(recoverySecrets(''), 'K5', 'bad_phrase');
    // Twelve words with their checksum are a phrase elsewhere, with half the entropy.
    const twelve = [...Array.from({ length: 11 }, () => 'abandon'), 'about'].join(' ');
    await expectRefusal(recoverySecrets(twelve), 'K5', 'bad_phrase');
  });

  it('[attack 36] proves itself for one origin, name, time and nonce', async () => {
    const { recovery } = await recoverySecrets(newPhrase());
    const proof = { origin: 'https://chat.example.org', name: 'alice', time: 1, nonce: randomBytes(16) };
    const signature = await proveRecovery(proof, recovery);
    const holds = (claim: typeof proof) =>
      verifyBytes(recovery.publicKey, signature, signingInput('recovery', recoveryPayload(claim)));
    expect(await holds(proof)).toBe(true);
    expect(await holds({ ...proof, origin: 'https://evil.example.org' })).toBe(false);
    expect(await holds({ ...proof, name: 'bob' })).toBe(false);
    expect(await holds({ ...proof, time: 2 })).toBe(false);
    expect(await holds({ ...proof, nonce: randomBytes(16) })).toBe(false);
  });
});
