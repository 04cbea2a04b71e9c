import type { VerificationError, VerifiedHeader } from '@sotto/crypto';
import type { AccountId, FrameOf, RoomId, ServerFrame } from '@sotto/protocol';
import type { Connection, RoomWork, Trust } from '../state.ts';
import type { EntryRow, RoomRow } from './rows.ts';

/** What happens inside one account's engine. Who it concerns listens for it (`Bus.on`); who caused it knows nothing of them. */
export type Happening =
  | { readonly type: 'connection'; readonly status: Connection }
  | { readonly type: 'frame'; readonly frame: ServerFrame }
  /** The server says goodbye to this device, and why. */
  | { readonly type: 'bye'; readonly frame: FrameOf<'bye'> }
  /** Everything that waited at the server was worked through. */
  | { readonly type: 'caught-up' }
  /** So was what others brought this account into. */
  | { readonly type: 'requests-read' }
  /** Of the account itself something else is shown: its vault, what it is told. */
  | { readonly type: 'account-changed' }
  /** The own account's newest list says what it is called. */
  | { readonly type: 'own-name'; readonly name: string }
  /** Names, presence, keys, trust. */
  | { readonly type: 'people-changed' }
  /** A pin or a verification is new: the vault is to have it. */
  | { readonly type: 'contact' }
  /** K4: what this device makes of somebody's identity. */
  | { readonly type: 'trust'; readonly account: AccountId; readonly before: Trust; readonly trust: Trust }
  /** Something about a person's keys broke a rule. */
  | { readonly type: 'key-problem'; readonly account: AccountId; readonly error: VerificationError }
  /** Attack 48: something was decided here: the vault is to have it. */
  | { readonly type: 'decided' }
  /** All is seen in that light, whoever decided it. `blocked`: people who were blocked or unblocked. */
  | { readonly type: 'consent-changed'; readonly blocked: readonly AccountId[] }
  /** Whatever is shown of it: its row, its outbox, what is done for it. */
  | { readonly type: 'room-changed'; readonly room: RoomId }
  | { readonly type: 'typing'; readonly room: RoomId }
  /** New keys are being made, or entries fetched; null: no more. */
  | { readonly type: 'work'; readonly room: RoomId; readonly work: RoomWork | null }
  /** A room's headers are stored; nothing of its log is read yet. */
  | { readonly type: 'begun'; readonly room: RoomId }
  /** E2: a header was stored, of a room with this account in it. `readable`: with its secret. */
  | {
      readonly type: 'entered';
      readonly row: RoomRow;
      readonly header: VerifiedHeader;
      readonly readable: boolean;
    }
  /** E2: entries were stored. `live`: they came by themselves, just now. */
  | {
      readonly type: 'stored';
      readonly row: RoomRow;
      readonly entries: readonly EntryRow[];
      readonly live: boolean;
    }
  /** Stored entries are others now, were opened, or count again. */
  | { readonly type: 'reread'; readonly room: RoomId }
  /** An epoch secret was stored, and is to follow the account. */
  | { readonly type: 'secret-stored' }
  /** Attack 42: the server contradicts itself about a room. */
  | { readonly type: 'contradiction'; readonly room: RoomId; readonly error: VerificationError }
  /** Receipts moved on; the room's row is as it was. */
  | { readonly type: 'receipts'; readonly room: RoomId }
  /** Another device of this account read so far. */
  | { readonly type: 'own-read'; readonly room: RoomId; readonly position: number }
  /** A message came into the outbox, left it, failed or is tried again. */
  | { readonly type: 'outbox-changed'; readonly room: RoomId }
  /** M6: files of a message that was given up are to be deleted. */
  | { readonly type: 'discarded' };
