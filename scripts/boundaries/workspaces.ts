import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

/** One of our packages as it stands on disk. */
export interface Workspace {
  /** Last part of its name: `server` of `@sotto/server`. */
  readonly name: string;
  readonly folder: string;
  /** Subpath (`.`, `./node`) to file. */
  readonly exports: ReadonlyMap<string, string>;
  /** Files that something outside starts: exports, `main`, and what index.html loads. */
  readonly entries: readonly string[];
  /** Names of declared third-party packages. */
  readonly dependencies: ReadonlySet<string>;
}

interface Manifest {
  name: string;
  exports?: Record<string, string>;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
}

const SCOPE = '@sotto/';

/** Every package under `packages/`, in the order of their names. */
export function readWorkspaces(root: string): Workspace[] {
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .map((path) => readWorkspace(dirname(join(root, path))));
}

function readWorkspace(folder: string): Workspace {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const files = Object.entries(manifest.exports ?? {}).map(
    ([key, file]) => [key, resolve(folder, file)] as const,
  );
  const starts = [
    'src/main.ts',
    'src/main.tsx',
    ...Object.values(manifest.bin ?? {}),
    ...pageScripts(folder),
  ];
  const entries = [...files.map(([, file]) => file), ...starts.map((file) => resolve(folder, file))];
  return {
    name: manifest.name.replace(SCOPE, ''),
    folder,
    exports: new Map(files),
    entries: [...new Set(entries)].filter((file) => existsSync(file)),
    dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
  };
}

function pageScripts(folder: string): string[] {
  const page = join(folder, 'index.html');
  if (!existsSync(page)) return [];
  return [...readFileSync(page, 'utf8').matchAll(/<script[^>]+src="\/?([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
}

/** The package a file belongs to. */
export function ownerOf(file: string, workspaces: readonly Workspace[]): Workspace | undefined {
  return workspaces.find((workspace) => file.startsWith(workspace.folder + sep));
}

export type Target =
  | { readonly type: 'file'; readonly file: string }
  | { readonly type: 'package'; readonly name: string }
  | { readonly type: 'builtin'; readonly name: string }
  | { readonly type: 'nowhere' };

/** Where a specifier leads, by the rules of Node and the bundler. */
export function resolveSpecifier(
  specifier: string,
  from: string,
  workspaces: readonly Workspace[],
  builtins: ReadonlySet<string>,
): Target {
  const path = specifier.replace(/[?#].*$/, '');
  if (path.startsWith('.') || path.startsWith('/')) {
    const file = existingFile(resolve(dirname(from), path));
    return file ? { type: 'file', file } : { type: 'nowhere' };
  }
  if (path.startsWith('node:') || builtins.has(path)) return { type: 'builtin', name: path };
  if (path.startsWith(SCOPE)) {
    const [name = '', ...rest] = path.slice(SCOPE.length).split('/');
    const file = workspaces
      .find((workspace) => workspace.name === name)
      ?.exports.get(['.', ...rest].join('/'));
    return file && existsSync(file) ? { type: 'file', file } : { type: 'nowhere' };
  }
  const parts = path.split('/');
  return { type: 'package', name: parts.slice(0, path.startsWith('@') ? 2 : 1).join('/') };
}

function existingFile(path: string): string | undefined {
  const candidates = [path, `${path}.ts`, `${path}.tsx`, join(path, 'index.ts')];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}
