import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, sep } from 'node:path';
import { circlesOf } from './circles.ts';
import { type ParsedFile, parseFile, type Reference } from './parse.ts';
import { RULES } from './rules.ts';
import { ownerOf, readWorkspaces, resolveSpecifier, type Workspace } from './workspaces.ts';

/** A broken rule, with the files that lead to it from an entry point. */
export interface Violation {
  readonly what: string;
  readonly chain: readonly string[];
}

export interface Verdict {
  readonly files: number;
  readonly violations: readonly Violation[];
}

const BUILTINS = new Set(builtinModules);
const CODE = /\.[cm]?[jt]sx?$/;

/** Walks the import graph from every package's entry points and checks every step against the rules. */
export function checkBoundaries(root: string): Verdict {
  const workspaces = readWorkspaces(root);
  const parsed = new Map<string, ParsedFile>();
  const violations = new Map<string, Violation>();
  for (const workspace of workspaces) {
    walk(workspace, { root, workspaces, parsed, violations });
  }
  const circles = circlesOf(importsOf(parsed, workspaces)).map((circle) => ({
    what: `${circle.length} files import each other in a circle`,
    chain: circle.map((file) => relative(root, file)).sort(),
  }));
  return { files: parsed.size, violations: [...violations.values(), ...circles] };
}

/** Which files each file names, types and dynamic imports included. */
function importsOf(
  parsed: ReadonlyMap<string, ParsedFile>,
  workspaces: readonly Workspace[],
): Map<string, string[]> {
  const imports = new Map<string, string[]>();
  for (const [file, { references }] of parsed) {
    const targets = references.map(({ specifier }) =>
      specifier === null ? null : resolveSpecifier(specifier, file, workspaces, BUILTINS),
    );
    imports.set(
      file,
      targets.flatMap((target) => (target?.type === 'file' ? [target.file] : [])),
    );
  }
  return imports;
}

interface Walk {
  readonly root: string;
  readonly workspaces: readonly Workspace[];
  /** Files read so far. */
  readonly parsed: Map<string, ParsedFile>;
  /** By what is broken, so that two ways to one violation tell it once. */
  readonly violations: Map<string, Violation>;
}

function walk(start: Workspace, { root, workspaces, parsed, violations }: Walk): void {
  const reachedFrom = new Map<string, string | null>(start.entries.map((file) => [file, null]));
  const report = (what: string, file: string | null) => {
    if (!violations.has(what)) violations.set(what, { what, chain: chainTo(file, reachedFrom, root) });
  };
  if (!RULES[start.name]) report(`package ${start.name} has no rule in scripts/boundaries/rules.ts`, null);
  if (start.entries.length === 0) report(`package ${start.name} has no entry point`, null);

  // A Map iterates over what is added meanwhile: breadth first, so chains are the shortest.
  for (const [file] of reachedFrom) {
    if (!CODE.test(file)) continue;
    const owner = ownerOf(file, workspaces);
    if (!owner) continue;
    const code = parsed.get(file) ?? parseFile(file, readFileSync(file, 'utf8'));
    parsed.set(file, code);
    if (RULES[owner.name]?.pure) {
      for (const name of code.io) report(`${owner.name} uses ${name} in ${relative(root, file)}`, file);
    }
    if (code.unseeded) report(`${relative(root, file)} uses Math.random instead of a seam`, file);
    if (code.takesAll) report(`${relative(root, file)} does not say what it needs`, file);
    for (const reference of code.references) {
      const step = judge(reference, file, owner, workspaces);
      if ('broken' in step) report(`${step.broken}, in ${relative(root, file)}`, file);
      if (step.to && !reachedFrom.has(step.to)) reachedFrom.set(step.to, file);
    }
  }
  // The design's own words, on the whole reach: nothing that can decrypt is within the server's.
  if (start.name === 'server') {
    for (const [file] of reachedFrom) {
      const owner = ownerOf(file, workspaces)?.name;
      if (owner !== 'server' && owner !== 'protocol')
        report(`the server reaches ${relative(root, file)}`, file);
    }
  }
}

type Step = { readonly broken: string; readonly to?: string } | { readonly to?: string };

function judge(reference: Reference, file: string, owner: Workspace, workspaces: readonly Workspace[]): Step {
  const { specifier, typeOnly } = reference;
  const rule = RULES[owner.name];
  if (specifier === null)
    return { broken: `${owner.name} imports a computed name, which cannot be followed` };
  const target = resolveSpecifier(specifier, file, workspaces, BUILTINS);
  switch (target.type) {
    case 'nowhere':
      return { broken: `${owner.name} imports ${specifier}, which leads nowhere` };
    case 'builtin':
      return rule?.pure ? { broken: `${owner.name} imports ${specifier}, but does no I/O` } : {};
    case 'package':
      return typeOnly || owner.dependencies.has(target.name)
        ? {}
        : { broken: `${owner.name} imports ${target.name}, which its package.json does not declare` };
    case 'file': {
      const to = target.file;
      const other = ownerOf(to, workspaces);
      if (!other) return { broken: `${owner.name} imports ${specifier} from outside of packages/` };
      if (other === owner) return { to, ...folderBroken(owner, file, to) };
      if (rule?.imports.includes(other.name)) return { to };
      if (typeOnly && rule?.types?.includes(other.name)) return { to };
      return { broken: `${owner.name} may not import ${typeOnly ? 'types of ' : ''}${other.name}`, to };
    }
  }
}

/** Whether a file reaches from a folder into one of the same package that it may not know. */
function folderBroken(owner: Workspace, file: string, to: string): { readonly broken?: string } {
  const [from, into] = [file, to].map(
    (path) => relative(join(owner.folder, 'src'), path).split(sep)[0] ?? '',
  );
  const known = from === undefined ? undefined : RULES[owner.name]?.folders?.[from];
  if (!known || into === undefined || into === from || known.includes(into)) return {};
  return { broken: `${owner.name}/${from} may not import ${into}` };
}

function chainTo(
  file: string | null,
  reachedFrom: ReadonlyMap<string, string | null>,
  root: string,
): string[] {
  const chain: string[] = [];
  for (let at: string | null | undefined = file; at; at = reachedFrom.get(at))
    chain.unshift(relative(root, at));
  return chain;
}
