/** Every limit of the wire in one place (D7). Sizes in bytes, times in milliseconds. */
export const LIMITS = {
  /** Positions, epochs, versions, counters, sizes: 2^48 − 1, so that one more is still exact everywhere (attack 40). */
  count: 2 ** 48 - 1,
  /** The end of the year 9999, as every calendar and formatter takes it (attack 40). */
  time: 253_402_300_799_999,
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
  /** Attack 37: versions of one account's list; whoever meets it reads all of them. */
  listVersions: 1_000,
  exchangeKey: 4_096,
  epochHeader: 49_152,
  wrap: 4_096,
  /** A message envelope: header, padded ciphertext, signature. */
  message: 65_536,
  /** Its readable header (M2). */
  messageHeader: 512,
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
  /** One message of OPAQUE, in characters of its text. */
  opaque: 1_024,
  /** A body for which nobody has proved anything (attack 51): log-in, recovery, first steps. */
  openBody: 8_192,
  /** The vault of an account that is being made: an identity, nobody known yet. */
  firstVault: 8_192,
  /** One HTTP body of a device that signed it: an epoch with wraps for 50 members of 16 devices fits. */
  httpBody: 4_194_304,
  /** Entries in one history page. */
  page: 500,
  /** Bytes of entry bodies in one history page (at least one entry always fits). */
  pageBytes: 1_048_576,
  /** Accounts asked for in one key look-up. */
  keyBatch: 64,
  /** Characters of lists in its answer, beyond the first account's. */
  keyAnswer: 1_048_576,
  /** Wraps uploaded with one epoch. */
  wraps: 800,
  /** Wraps of one room that wait for a device, the newest: what is older it asks for (R6). */
  wrapsEach: 200,
  /** … that it is given of a room it has not accepted (attack 48). */
  wrapsPending: 10,
  /** … that it is given in one answer, of each room the newest first. */
  wrapsTold: 4_000,
  /** Secrets that one device asks for in one room at a time (R6). */
  requests: 200,
  /** … that one account does in all rooms. */
  requestsAll: 4_000,
  /** How long they are asked for, unless the device asks anew. */
  requestAge: 7 * 24 * 3_600_000,
  /** Rooms that an account is in by its own doing: made, joined or accepted. */
  rooms: 1_000,
  /** Attack 48: memberships one account brought others into within `pendingAge`, that they have not accepted. */
  pending: 300,
  /** … of any one person. */
  pendingEach: 10,
  pendingAge: 30 * 24 * 3_600_000,
  /** Rooms an account has not accepted that it is told of, newest first. */
  pendingTold: 100,
  /** Entries of such a room that a client reads, and headers it may have for that: nobody fills a device unasked. */
  pendingEntries: 500,
  pendingEpochs: 1_000,
  /** K2: lifetime of an exchange key. */
  exchangeKeyLifetime: 90 * 24 * 3_600_000,
  /** How far the beginning of a lifetime may lie ahead, for everybody. */
  lifetimeSkew: 24 * 3_600_000,
  /** K2: replaced weekly while in use. */
  exchangeKeyRotation: 7 * 24 * 3_600_000,
  /** R4: age and use after which any member makes a new epoch. */
  epochAge: 7 * 24 * 3_600_000,
  epochMessages: 1_000,
  /** R1, attack 40: how far a header may be dated from its entry. */
  headerSkew: 600_000,
  /** D5: how far a signed request's time may be from the server's, which remembers nonces for twice as long. */
  clockSkew: 120_000,
} as const;
