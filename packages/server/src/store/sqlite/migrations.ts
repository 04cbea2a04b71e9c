/**
 * The schema, step by step. A step that was ever released never changes (its checksum is kept in the
 * database); what is new goes into a new step at the end.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    record TEXT,
    seen INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE vaults (
    account TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
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

  CREATE TABLE exchange_keys (
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    signed TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account, device)
  ) STRICT;

  CREATE TABLE rooms (
    room TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    head INTEGER NOT NULL,
    chain BLOB NOT NULL,
    history TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE log (
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
  CREATE UNIQUE INDEX log_by_id ON log (room, device, id, account);

  CREATE TABLE headers (
    room TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (room, epoch)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE members (
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    start INTEGER NOT NULL,
    until INTEGER,
    departed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room, account)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_account ON members (account, room);

  CREATE TABLE invites (
    key TEXT NOT NULL,
    room TEXT NOT NULL,
    expires INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (key, room)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX invites_by_room ON invites (room);

  CREATE TABLE wraps (
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    room TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, device, room, epoch)
  ) STRICT;

  CREATE TABLE requests (
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (room, account, device, epoch)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE marks (
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (room, account, device)
  ) STRICT;
  `,
  `
  -- Who stood in which header, so that entitlement (R6) is a look-up.
  CREATE TABLE header_members (
    room TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (room, epoch, account)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- K5: the vault's key under the password, and under the recovery phrase where there is one.
  ALTER TABLE vaults ADD COLUMN password_lock TEXT NOT NULL DEFAULT '';
  ALTER TABLE vaults ADD COLUMN phrase_lock TEXT;
  -- Public half of what the recovery phrase stands for.
  ALTER TABLE accounts ADD COLUMN recovery TEXT;

  -- M5: epoch secrets under the account's archive key, in the order they came.
  CREATE TABLE archive (
    account TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    room TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, cursor)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX archive_by_epoch ON archive (account, room, epoch);

  -- When each device was last connected.
  CREATE TABLE device_seen (
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (account, device)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX devices_by_id ON devices (device);

  -- M2: the device list version each header pins; 0 where the header is from before this step.
  ALTER TABLE header_members ADD COLUMN list INTEGER NOT NULL DEFAULT 0;
  -- M2: newest counter of each device among the messages of a room.
  CREATE TABLE counters (
    room TEXT NOT NULL,
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    counter INTEGER NOT NULL,
    PRIMARY KEY (room, account, device)
  ) STRICT, WITHOUT ROWID;

  -- D5: proofs dated ahead of the clock, so that they serve once across a restart.
  CREATE TABLE proofs (name TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX proofs_by_time ON proofs (time);
  `,
  `
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
  `,
  `
  -- K4: an operator's leave to start an account over; the code itself is kept nowhere.
  CREATE TABLE reset_codes (
    account TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- D1: a log brought back from a backup may begin behind a position, whose chain hash stands here.
  ALTER TABLE rooms ADD COLUMN base INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rooms ADD COLUMN base_chain BLOB;
  -- 1 while nothing was written since: more of the same log may still be brought.
  ALTER TABLE rooms ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;
  -- Named by such a log, and without an account here.
  CREATE TABLE absent_people (account TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- D3: entries are numbered as they come, over all rooms, and their ids filed in chunks of these numbers (EntryIds).
  CREATE TABLE entries (
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
  INSERT INTO entries (room, position, time, kind, account, device, id, body, chain)
    SELECT room, position, time, kind, account, device, id, body, chain FROM log ORDER BY rowid;
  DROP TABLE log;
  ALTER TABLE entries RENAME TO log;
  CREATE UNIQUE INDEX log_by_position ON log (room, position);
  CREATE TABLE ids (
    chunk INTEGER NOT NULL,
    id TEXT NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (chunk, id, entry)
  ) STRICT, WITHOUT ROWID;
  -- What each chunk of ids holds, in short.
  CREATE TABLE id_filters (chunk INTEGER PRIMARY KEY, bits BLOB NOT NULL) STRICT;
  `,
  `
  -- D1: of a file that comes back from a backup, the position of its message.
  ALTER TABLE files ADD COLUMN brought INTEGER;
  `,
  `
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
