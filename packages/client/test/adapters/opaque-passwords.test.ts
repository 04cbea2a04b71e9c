import { opaquePasswords } from '../../src/password/opaque-passwords.ts';
import { describePasswords } from './passwords-contract.ts';

const passwords = opaquePasswords();
describePasswords('in this thread', () => passwords);
