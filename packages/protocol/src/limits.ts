/** Every limit of the wire in one place (D7). Sizes in bytes, times in milliseconds. */
export const LIMITS = {
  /** R: members of one room. */
  members: 50,
  /** Devices of one account (K3). */
  devices: 16,
  /** Invite links of one room (R7). */
  invites: 10,
  /** Account name, in characters after normalisation. */
  nameLength: 40,
  /** Sealed room profile: name and topic. */
  sealedProfile: 1_024,
  deviceList: 8_192,
  exchangeKey: 4_096,
  /** Versions of one account's list, and headers of one room, in what comes back from a backup. */
  restoredLists: 1_000,
  restoredHeaders: 2_000,
  /** One record of an account's own backup. */
  backupRecord: 16_777_216,
  /** A sealed chunk of a file in it: 1 MiB and a tag (M6). */
  backupPiece: 1_048_592,
  epochHeader: 49_152,
  wrap: 4_096,
  /** A message envelope: header, padded ciphertext, signature. */
  message: 65_536,
  /** Text a person can send at once, in UTF-8 bytes; leaves room for padding and header. */
  text: 32_768,
  /** M6: files of one message. */
  files: 10,
  /** M6: parts of one file that go up side by side. */
  fileParts: 8,
  /** M6: what a message tells of one file: name in UTF-8 bytes, media type, thumbnail, voice waveform in samples. */
  fileName: 255,
  fileType: 100,
  thumbnail: 6_144,
  waveform: 64,
  signal: 4_096,
  leave: 1_024,
  vault: 262_144,
  /** M5: archive entries in one request or page. */
  archiveBatch: 500,
  /** M5: archive entries of one account, over all rooms. */
  archive: 100_000,
  /** One WebSocket frame from a client. */
  frame: 131_072,
  /** One HTTP body: an epoch with wraps for 50 members of 16 devices fits. */
  httpBody: 4_194_304,
  /** Entries in one history page. */
  page: 500,
  /** Bytes of entry bodies in one history page (at least one entry always fits). */
  pageBytes: 1_048_576,
  /** Accounts asked for in one key look-up. */
  keyBatch: 64,
  /** Wraps uploaded in one request. */
  wraps: 800,
  /** Open epoch requests of one device in one room (R6). */
  requests: 200,
  rooms: 1_000,
  /** K2: lifetime of an exchange key. */
  exchangeKeyLifetime: 90 * 24 * 3_600_000,
  /** K2: replaced weekly while in use. */
  exchangeKeyRotation: 7 * 24 * 3_600_000,
  /** R4: age and use after which any member makes a new epoch. */
  epochAge: 7 * 24 * 3_600_000,
  epochMessages: 1_000,
  /** How far a signed request's time may be from the server's. */
  clockSkew: 120_000,
} as const;
