import type { Room } from '@sotto/client';
import type { AccountId } from '../app/types.ts';
import { tokenize } from '../conversation/markup.ts';

/** Members whose name stands after an @ in the text. */
export function mentioned(members: Room['members'], body: string): readonly AccountId[] {
  if (!body.includes('@')) return [];
  const names = members.map((member) => member.name);
  const found = new Set(
    tokenize(body, names).flatMap((token) => (token.type === 'mention' ? [token.name] : [])),
  );
  return members.filter((member) => found.has(member.name)).map((member) => member.account);
}
