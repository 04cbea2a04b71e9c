/** What is read of one entry of `package-lock.json`. */
export interface Entry {
  version?: string;
  resolved?: string;
  integrity?: string;
  /** A package of this repository. */
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  license?: string;
  engines?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export type Entries = Record<string, Entry>;

const PUBLIC = 'https://registry.npmjs.org/';

/** Entries that come from a registry: the root, the packages of this repository and links to them do not. */
const fromRegistry = ([path, entry]: [string, Entry]) => path.includes('node_modules/') && !entry.link;

/** Optional packages that no entry stands for, by path; `npm ci` would fetch them unchecked where they fit. */
export function missingOptional(entries: Entries): Map<string, { range: string; dev: boolean }> {
  const missing = new Map<string, { range: string; dev: boolean }>();
  for (const [path, parent] of Object.entries(entries)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      const found = [`node_modules/${name}`, `${path}/node_modules/${name}`].some((at) => at in entries);
      if (!found) missing.set(`node_modules/${name}`, { range, dev: parent.dev === true });
    }
  }
  return missing;
}

/** What lets a registry, or whoever stands before it, choose what is installed; empty where nothing does. */
export function lockProblems(entries: Entries): string[] {
  const problems = [...missingOptional(entries).keys()].map((path) => `${path}: no entry`);
  for (const [path, { integrity, resolved }] of Object.entries(entries).filter(fromRegistry)) {
    if (!integrity?.startsWith('sha512-')) problems.push(`${path}: no SHA-512 in "integrity"`);
    if (resolved !== undefined && !resolved.startsWith(PUBLIC)) problems.push(`${path}: ${resolved}`);
  }
  return problems;
}
