import type { AccountId } from '@sotto/protocol';
import type { EngineParts } from './parts.ts';

/** Reads what rests on this device, before anything is shown or sent; works offline (E5). */
export async function loadParts(
  parts: Pick<EngineParts, 'directory' | 'consent' | 'rows' | 'outbox' | 'archive' | 'upkeep' | 'files'>,
  account: AccountId,
): Promise<void> {
  const { directory, consent, rows, outbox, archive, upkeep, files } = parts;
  await directory.load();
  await directory.lists.newest(account);
  await rows.load();
  await consent.load();
  await outbox.load();
  await archive.load();
  await upkeep.keeper.load();
  await files.load();
  for (const row of rows.all()) {
    for (const member of row.state.header?.header.members ?? []) {
      await directory.lists.newest(member.account);
    }
  }
}
