/**
 * The schema, step by step. A step that was ever released never changes (its checksum is kept in the
 * database); what is new goes into a new step at the end. Nothing has been released yet: there is one step.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    -- Attack 49: how the name looks, as written and in small letters.
    written TEXT NOT NULL,
    small TEXT NOT NULL,
    kind TEXT NOT NULL,
    record TEXT,
    seen INTEGER,
    -- K5: public half of what the recovery phrase stands for.
    recovery TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX accounts_written ON accounts (written);
  CREATE INDEX accounts_small ON accounts (small);

  -- K5: sealed, with its key under the password, and under the recovery phrase where there is one.
  CREATE TABLE vaults (
    account TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    password_lock TEXT NOT NULL,
    phrase_lock TEXT
  ) STRICT;

  CREATE TABLE lists (
    account TEXT NOT NULL,
    version INTEGER NOT NULL,
    signed TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account, version)
  ) STRICT;

  -- Every device ever listed: its key never changes.
  CREATE TABLE devices (
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    signing TEXT NOT NULL,
    PRIMARY KEY (account, device)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX devices_by_id ON devices (device);

  -- When each device was last connected.
  CREATE TABLE device_seen (
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (account, device)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE exchange_keys (
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    signed TEXT NOT NULL,
    hash TEXT NOT NULL,
    -- K2: a device's key gives way only to one that begins later.
    not_before INTEGER NOT NULL,
    PRIMARY KEY (account, device)
  ) STRICT;

  -- D5: proofs dated ahead of the clock, so that they serve once across a restart.
  CREATE TABLE proofs (name TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX proofs_by_time ON proofs (time);

  -- K4: an operator's leave to start an account over; the code itself is kept nowhere.
  CREATE TABLE reset_codes (
    account TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- M5: epoch secrets under the account's archive key, in the order they came.
  CREATE TABLE archive (
    account TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    room TEXT NOT NULL,
    header TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, cursor)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX archive_by_header ON archive (account, header);

  CREATE TABLE rooms (
    room TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    head INTEGER NOT NULL,
    chain BLOB NOT NULL,
    history TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- D3: entries are numbered as they come, over all rooms, and their ids filed in chunks of these numbers (EntryIds).
  CREATE TABLE log (
    entry INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    position INTEGER NOT NULL,
    time INTEGER NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    chain BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX log_by_position ON log (room, position);
  CREATE TABLE ids (
    chunk INTEGER NOT NULL,
    id TEXT NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (chunk, id, entry)
  ) STRICT, WITHOUT ROWID;
  -- What each chunk of ids holds, in short.
  CREATE TABLE id_filters (chunk INTEGER PRIMARY KEY, bits BLOB NOT NULL) STRICT;

  CREATE TABLE headers (
    room TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (room, epoch)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX headers_by_hash ON headers (room, hash);

  -- Who stood in which header, under which list, so that entitlement (R6, M2) is a look-up.
  CREATE TABLE header_members (
    room TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    account TEXT NOT NULL,
    list INTEGER NOT NULL,
    PRIMARY KEY (room, epoch, account)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE members (
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    start INTEGER NOT NULL,
    until INTEGER,
    departed INTEGER NOT NULL DEFAULT 0,
    -- Attack 48: since when it is in by somebody else's doing; null once it accepted that, or came by itself.
    pending INTEGER,
    -- Whose doing that is.
    adder TEXT,
    PRIMARY KEY (room, account)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_account ON members (account, room);
  CREATE INDEX members_by_adder ON members (adder, account, pending) WHERE adder IS NOT NULL;

  -- M2: newest counter of each device among the messages of a room.
  CREATE TABLE counters (
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    counter INTEGER NOT NULL,
    PRIMARY KEY (room, account, device)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE invites (
    room TEXT NOT NULL,
    key TEXT NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (room, key)
  ) STRICT, WITHOUT ROWID;

  -- R2: by the hash of the signed header; its number and room besides.
  CREATE TABLE wraps (
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    header TEXT NOT NULL,
    room TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, device, header)
  ) STRICT;
  CREATE INDEX wraps_by_room ON wraps (room, epoch);

  -- R6: secrets a device asks for.
  CREATE TABLE requests (
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    header TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (room, account, device, header)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX requests_by_account ON requests (account);
  CREATE INDEX requests_by_time ON requests (time);

  CREATE TABLE receipts (
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (room, account, device)
  ) STRICT;

  -- M6: uploads, by the id their sender made. The bytes rest elsewhere.
  CREATE TABLE files (
    file TEXT PRIMARY KEY,
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    size INTEGER NOT NULL,
    received INTEGER NOT NULL,
    touched INTEGER NOT NULL,
    completed INTEGER,
    -- Of the message it belongs to.
    position INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX files_by_account ON files (account, size);
  CREATE INDEX files_unfinished ON files (account) WHERE completed IS NULL;
  CREATE INDEX files_loose ON files (touched) WHERE position IS NULL;

  -- M6: parts of files that come side by side, bytes start … end (exclusive). They go with their file.
  CREATE TABLE file_parts (
    part TEXT PRIMARY KEY,
    file TEXT NOT NULL REFERENCES files (file) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    received INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX parts_by_file ON file_parts (file, start);
  `,
];
