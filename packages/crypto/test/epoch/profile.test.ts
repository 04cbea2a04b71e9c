import { type EpochHeader, encodeCbor } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { decodeProfile, encodeProfile } from '../../src/epoch/profile.ts';
import { isProfileOf, newProfile, UsageError } from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';

/** Padded as a profile is. */
function padded(value: Parameters<typeof encodeCbor>[0], mark = 0x80) {
  const bytes = encodeCbor(value);
  const out = new Uint8Array(768);
  out.set(bytes);
  out[bytes.length] = mark;
  return out;
}

describe('[R1] a room’s profile', () => {
  it('comes back as it was, byte for byte: its hash is of exactly these', () => {
    const profile = newProfile({ name: 'Zoë’s lab', topic: 'Thursday' });
    expect(decodeProfile(encodeProfile(profile))).toEqual(profile);
  });

  it('has a limit for each of its texts, and for both', () => {
    const longest = newProfile({ name: 'x'.repeat(100), topic: 'y'.repeat(500) });
    expect(decodeProfile(encodeProfile(longest))).toEqual(longest);
    expect(encodeProfile(longest)).toHaveLength(768);
    expect(() => encodeProfile(newProfile({ name: 'x'.repeat(101), topic: '' }))).toThrow(UsageError);
    expect(() => encodeProfile(newProfile({ name: '', topic: 'x'.repeat(501) }))).toThrow(UsageError);
    expect(() => encodeProfile(newProfile({ name: '', topic: '字'.repeat(300) }))).toThrow(/together/);
  });

  it('keeps its mark at every length', () => {
    for (let length = 0; length <= 500; length++) {
      const profile = newProfile({ name: '', topic: 'y'.repeat(length) });
      expect(decodeProfile(encodeProfile(profile))).toEqual(profile);
    }
  });

  it('is never that of a direct room', async () => {
    const profile = newProfile({ name: '', topic: '' });
    expect(await isProfileOf(profile, { profile: null } as EpochHeader)).toBe(false);
  });

  it.each([
    ['with another mark', padded({ v: 1, name: '', topic: '', salt: new Uint8Array(32) }, 0x40)],
    ['without a mark', encodeCbor({ v: 1, name: '', topic: '', salt: new Uint8Array(32).fill(1) })],
    ['of zeros', new Uint8Array(256)],
    ['of nothing but its mark', new Uint8Array(256).fill(0x80, 0, 1)],
  ])('is refused %s', async (_, bytes) => {
    await expectRefusal(() => decodeProfile(bytes), 'R1', 'malformed');
  });

  it('is refused as no CBOR, with what is wrong in it', async () => {
    const refusal = await expectRefusal(() => decodeProfile(new Uint8Array([0x5f, 0x80])), 'R1', 'malformed');
    expect(refusal.cause).toBeInstanceOf(Error);
  });

  const salt = new Uint8Array(32);
  it.each([
    ['as a number', 1],
    ['as nothing', null],
    ['as a text', 'name topic'],
    ['without a name', { v: 1, topic: '', salt }],
    ['without a topic', { v: 1, name: '', salt }],
    ['with a topic that is no text', { v: 1, name: '', topic: 1, salt }],
    ['without a salt', { v: 1, name: '', topic: '' }],
    ['with a short salt', { v: 1, name: '', topic: '', salt: salt.slice(1) }],
    ['with more fields', { v: 1, name: '', topic: '', salt, more: 1 }],
    ['with a name that is too long', { v: 1, name: 'x'.repeat(101), topic: '', salt }],
    ['with a topic that is too long', { v: 1, name: '', topic: 'x'.repeat(501), salt }],
    ['with a name that is no text', { v: 1, name: 1, topic: '', salt }],
    ['[attack 49] with a hidden direction in its name', { v: 1, name: 'gpj\u202eexe', topic: '', salt }],
    ['[attack 49] with a hidden character in its topic', { v: 1, name: '', topic: 'two\nlines', salt }],
  ])('is refused %s', async (_, value) => {
    await expectRefusal(() => decodeProfile(padded(value)), 'R1', 'malformed');
  });

  it('[attack 49] keeps what words and emoji need', () => {
    const profile = newProfile({ name: 'Family 👨‍👩‍👧', topic: 'شبکه\u200cها' });
    expect(decodeProfile(encodeProfile(profile))).toEqual(profile);
  });

  it('[attack 13] of another version is refused as such', async () => {
    const other = padded({ v: 2, name: '', topic: '', salt });
    await expectRefusal(() => decodeProfile(other), 'R1', 'unknown_version');
  });
});
