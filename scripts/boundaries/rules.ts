/** What a package may import of ours (design §1). `types` may be imported as types only. */
interface Rule {
  readonly imports: readonly string[];
  readonly types?: readonly string[];
  /** No Node modules, no globals that talk to the outside. */
  readonly pure?: true;
  /** Folders of its `src` that know none of its others but these. */
  readonly folders?: Readonly<Record<string, readonly string[]>>;
}

/**
 * The arrows of the design: protocol ← crypto ← client ← web, cli, and protocol ← server. The server cannot
 * decrypt because it cannot even import the code that does (attack 14). What the interfaces say their words with knows
 * nothing of ours.
 */
export const RULES: Readonly<Record<string, Rule>> = {
  server: { imports: ['protocol'] },
  protocol: { imports: [], pure: true },
  crypto: { imports: ['protocol'], pure: true },
  client: { imports: ['protocol', 'crypto'] },
  words: { imports: [], pure: true },
  web: {
    imports: ['client', 'words'],
    types: ['protocol'],
    folders: { texts: [], design: ['texts'] },
  },
  cli: { imports: ['client', 'words'], types: ['protocol'] },
};
