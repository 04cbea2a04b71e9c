/** Keys, epochs, messages, the verified log: bytes and keys in, bytes out. No I/O. */
export * from './archive/archive.ts';
export * from './device/device-list.ts';
export * from './device/exchange-key.ts';
export * from './device/proof.ts';
export * from './epoch/create.ts';
export * from './epoch/header.ts';
export * from './epoch/leave.ts';
export {
  isProfileOf,
  NO_PROFILE,
  newProfile,
  openProfile,
  profileHash,
  type RoomProfile,
} from './epoch/profile.ts';
export { asEpochSecret, checkCommitment, type EpochSecret } from './epoch/secret.ts';
export type { VerifiedHeader } from './epoch/verified-header.ts';
export * from './epoch/wrap.ts';
export * from './failure.ts';
export { chunkSealer, openChunk } from './file/chunk.ts';
export { type ChunkDigests, digestsHere } from './file/digests.ts';
export { FileHash } from './file/hash.ts';
export {
  chunkCount,
  FILE_CHUNK_BYTES,
  type SealedRange,
  sealedRange,
  sealedSize,
} from './file/layout.ts';
export * from './file/manifest.ts';
export * from './file/stream.ts';
export * from './identity/safety-number.ts';
export * from './invite/invite.ts';
export * from './kem/composite.ts';
export type { Attachment } from './message/attachment.ts';
export * from './message/content.ts';
export { type FileLine, fileLine } from './message/file-line.ts';
export { deletedBy } from './message/kinds/deletion.ts';
export type { Content, MessageLine, ToldChange } from './message/kinds/index.ts';
export type { ReactionLine, Said } from './message/kinds/kind.ts';
export { type Change, changeOf, mayChange, saidOf, says, showContent, takesBody } from './message/meaning.ts';
export * from './message/message.ts';
export * from './message/padding.ts';
export * from './primitives/aes-gcm.ts';
export * from './primitives/digest.ts';
export * from './primitives/ed25519.ts';
export * from './primitives/random.ts';
export * from './room/advance.ts';
export * from './room/chain.ts';
export { ReadAhead } from './room/early.ts';
export * from './room/state.ts';
export * from './vault/lock.ts';
export * from './vault/phrase.ts';
export * from './vault/seed.ts';
export * from './vault/vault.ts';
export { doWork } from './work.ts';
