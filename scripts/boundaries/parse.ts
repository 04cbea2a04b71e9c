import { parseSync } from 'vite';

/** One reference from a file to a module: an import, a re-export, a type import or a worker's address. */
export interface Reference {
  /** As written; null where it is computed and so cannot be followed. */
  readonly specifier: string | null;
  /** Erased at run time. It counts all the same where a package may not even know another's types. */
  readonly typeOnly: boolean;
}

export interface ParsedFile {
  readonly references: readonly Reference[];
  /** Globals that talk to the outside, by name. */
  readonly io: readonly string[];
  /** Uses `Math.random`, which no test can play again. */
  readonly unseeded: boolean;
  /** Takes all that the engine's parts may need, and does not say what of it it uses. */
  readonly takesAll: boolean;
}

type Node = Record<string, unknown> & { readonly type: string };

const IO_GLOBALS = new Set(
  `fetch WebSocket XMLHttpRequest EventSource indexedDB localStorage sessionStorage caches navigator
   document window self process console setTimeout setInterval Deno Bun Worker BroadcastChannel`.split(/\s+/),
);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** @throws Error naming the file where it does not parse */
export function parseFile(path: string, source: string): ParsedFile {
  const { program, errors } = parseSync(path, source);
  const [error] = errors;
  if (error) throw new Error(`${path} does not parse: ${error.message}`);
  const references: Reference[] = [];
  const io = new Set<string>();
  let unseeded = false;
  let takesAll = false;
  visit(program as unknown as Node, (node, parent, key) => {
    const reference = referenceOf(node);
    if (reference) references.push(reference);
    if (node.type === 'Identifier' && isIo(node, parent, key)) io.add(String(node.name));
    if (isUnseeded(node)) unseeded = true;
    if (isAll(node)) takesAll = true;
  });
  return { references, io: [...io], unseeded, takesAll };
}

function visit(node: Node, see: (node: Node, parent: Node | undefined, key: string) => void): void {
  const walk = (current: Node, parent: Node | undefined, key: string) => {
    see(current, parent, key);
    for (const [name, value] of Object.entries(current)) {
      for (const child of Array.isArray(value) ? value : [value])
        if (isNode(child)) walk(child, current, name);
    }
  };
  walk(node, undefined, '');
}

function referenceOf(node: Node): Reference | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return isNode(node.source)
        ? { specifier: literal(node.source), typeOnly: isTypeOnly(node) }
        : undefined;
    case 'TSImportType':
      return { specifier: literal(node.source), typeOnly: true };
    case 'TSExternalModuleReference':
      return { specifier: literal(node.expression), typeOnly: false };
    case 'ImportExpression':
      return { specifier: literal(node.source), typeOnly: false };
    case 'CallExpression':
      return isRequire(node.callee) ? { specifier: literal(first(node)), typeOnly: false } : undefined;
    case 'NewExpression':
      return workerAddress(node);
    default:
      return undefined;
  }
}

const first = (node: Node): unknown => (node.arguments as unknown[])[0];

function literal(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  const quasis = node.quasis as { value: { cooked: string } }[] | undefined;
  return node.type === 'TemplateLiteral' && quasis?.length === 1 ? (quasis[0]?.value.cooked ?? null) : null;
}

function isTypeOnly(node: Node): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = (node.specifiers ?? []) as Node[];
  return specifiers.length > 0 && specifiers.every((s) => s.importKind === 'type' || s.exportKind === 'type');
}

const isMeta = (node: unknown, property: string) =>
  isNode(node) &&
  node.type === 'MemberExpression' &&
  isNode(node.object) &&
  node.object.type === 'MetaProperty' &&
  isNode(node.property) &&
  node.property.name === property;

const isRequire = (callee: unknown) =>
  isMeta(callee, 'resolve') || (isNode(callee) && callee.type === 'Identifier' && callee.name === 'require');

/** `new URL('./worker.ts', import.meta.url)`: how bundlers and Node find workers. Folders and assets are no code. */
function workerAddress(node: Node): Reference | undefined {
  if (!isNode(node.callee) || node.callee.name !== 'URL') return undefined;
  const [address, base] = node.arguments as unknown[];
  const specifier = literal(address);
  const isCode = specifier !== null && /^\.{1,2}\/.*\.[cm]?[jt]sx?$/.test(specifier);
  return isMeta(base, 'url') && isCode ? { specifier, typeOnly: false } : undefined;
}

function isIo(node: Node, parent: Node | undefined, key: string): boolean {
  if (!IO_GLOBALS.has(String(node.name)) || !parent) return false;
  if (parent.type === 'MemberExpression' && key === 'property') {
    return isNode(parent.object) && parent.object.name === 'globalThis';
  }
  return !(key === 'key' || parent.type.startsWith('TS'));
}

const isUnseeded = ({ type, object, property }: Node): boolean =>
  type === 'MemberExpression' && nameOf(object) === 'Math' && nameOf(property) === 'random';

const isAll = ({ type, typeAnnotation }: Node): boolean =>
  type === 'TSTypeAnnotation' &&
  isNode(typeAnnotation) &&
  ['RoomContext', 'EngineParts'].includes(String(nameOf(typeAnnotation.typeName)));

const nameOf = (node: unknown): unknown =>
  typeof node === 'object' && node !== null && 'name' in node ? node.name : undefined;
