import type { Speech } from '../catalogue.ts';
import type { failures } from './en.ts';

/** A failure as the engine gives it: codes that stand in the catalogue, and what belongs to them. */
interface Failure {
  readonly code: keyof typeof failures.codes;
  readonly reason?: keyof typeof failures.reasons | undefined;
  readonly names?: { readonly shown: string; readonly name: string } | undefined;
  readonly flaw?: Flaw | undefined;
  readonly since?: number | undefined;
  readonly limit?: number | undefined;
  readonly path?: string | undefined;
}

type Flaw =
  | { readonly rule: 'empty' | 'long' }
  | { readonly rule: 'character' | 'place' | 'script'; readonly character: string };

/** What went wrong: by its facts, else by its reason, else by its code. @param exact tells a time */
export function sayFailure(
  t: Speech<typeof failures>,
  exact: (time: number) => string,
  { code, reason, names, flaw, since, limit = 0, path = '' }: Failure,
): string {
  if (since !== undefined) return t.rolledBack({ since: exact(since) });
  if (names) return t.nameDiffers(names);
  if (flaw) return 'character' in flaw ? t.flaws[flaw.rule]({ sign: signOf(flaw) }) : t.flaws[flaw.rule];
  const said = reason ? t.reasons[reason] : t.codes[code];
  return typeof said === 'string' ? said : said({ limit, path });
}

/** The character itself where one sees it, and the number by which everyone finds it. */
function signOf({ character }: { readonly character: string }): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `“${character}” (${code})` : code;
}
