import type { EngineParts } from './parts.ts';

/** Reads what rests on this device, before anything is shown or sent; works offline (E5). */
export async function loadParts({
  directory,
  consent,
  rows,
  outbox,
  archive,
  upkeep,
  files,
  context,
}: Pick<
  EngineParts,
  'context' | 'directory' | 'consent' | 'rows' | 'outbox' | 'archive' | 'upkeep' | 'files'
>): Promise<void> {
  await directory.load();
  await directory.lists.newest(context.keys.self.account);
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
