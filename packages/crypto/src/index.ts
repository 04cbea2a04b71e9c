export * from './failure.ts';
export * from './primitives/random.ts';
export * from './primitives/digest.ts';
export * from './primitives/aes-gcm.ts';
export * from './primitives/ed25519.ts';
export * from './kem/composite.ts';
