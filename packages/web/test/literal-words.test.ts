import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

type Node = Record<string, unknown> & { readonly type: string };

const SOURCE = resolve(import.meta.dirname, '../src');
/** Attributes that people read or hear, of the browser's elements and of our own components. */
const SAID =
  /^(?:aria-label|aria-description|aria-roledescription|aria-valuetext|title|placeholder|alt|label|hint|text|action)$/;
const LETTERS = /\p{L}{2,}/u;
/** Three words or more, as a sentence has them and a name of a class or a key has not. */
const SENTENCE = /^\p{Lu}\p{Ll}*(?: [\p{L}’,]+){2,}/u;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Words that stand in the source itself and not in a catalogue. Errors are for developers, and are told in no place of the page's. */
function literalWords(path: string, source: string): string[] {
  const { program, errors } = parseSync(path, source);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const found: string[] = [];
  const walk = (node: Node, said: boolean): void => {
    if (node.type === 'NewExpression' && isNode(node.callee) && /Error$/.test(String(node.callee.name)))
      return;
    if (node.type.startsWith('TS') && node.type.endsWith('Type')) return;
    const text = textOf(node);
    if (text !== null && (node.type === 'JSXText' || said ? LETTERS : SENTENCE).test(text))
      found.push(text.trim());
    for (const [key, value] of Object.entries(node)) {
      for (const child of Array.isArray(value) ? value : [value])
        if (isNode(child)) walk(child, saying(node, key, said));
    }
  };
  walk(program as unknown as Node, false);
  return found;
}

function textOf(node: Node): string | null {
  if (node.type === 'JSXText' || (node.type === 'Literal' && typeof node.value === 'string'))
    return String(node.value);
  return node.type === 'TemplateElement' ? (node.value as { cooked: string }).cooked : null;
}

/** Whether what stands below `key` of `node` is shown as it is: a part of JSX, or an attribute that people read. */
function saying(node: Node, key: string, said: boolean): boolean {
  if (node.type === 'JSXAttribute') return SAID.test(String((node.name as Node).name));
  if (node.type === 'JSXElement' || node.type === 'JSXFragment') return key === 'children';
  if (node.type === 'ConditionalExpression') return said && key !== 'test';
  const through = ['JSXExpressionContainer', 'LogicalExpression', 'TemplateLiteral'].includes(node.type);
  return said && through;
}

/** What is for developers alone: what an error says of itself, and the detail of alarms and notices. */
const FOR_DEVELOPERS = /\b(?:error|cause|fault|failure|told|alarm|notice)\??\.(?:message|detail)\b/;
/** They keep it behind "Details", or in the list of what could not be shown. */
const KEEPERS = ['texts/errors.ts', 'contain/Boundary.tsx', 'contain/failures.ts'];

const sources = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !/^texts\/[a-z]{2,3}\//.test(path),
);

describe('words stand in the catalogues', () => {
  it('none in any source of the page', () => {
    const found = sources.flatMap((path) =>
      literalWords(path, readFileSync(join(SOURCE, path), 'utf8')).map((text) => `${path}: ${text}`),
    );
    expect(sources.length).toBeGreaterThan(200);
    expect(found).toEqual([]);
  });

  it('nor does an error speak for itself', () => {
    const speaking = sources.filter((path) => FOR_DEVELOPERS.test(readFileSync(join(SOURCE, path), 'utf8')));
    expect(speaking.toSorted()).toEqual(KEEPERS.toSorted());
    expect('<p>{error.message}</p>').toMatch(FOR_DEVELOPERS);
  });

  it.each([
    ['<p>Hello</p>', 'Hello'],
    ['<p>{busy ? "Busy" : t.idle}</p>', 'Busy'],
    ['<p>{busy && `Busy`}</p>', 'Busy'],
    ['<input placeholder="Name" />', 'Name'],
    ['<img alt={big ? "A cat" : ""} />', 'A cat'],
    ['<Field label="Name" />', 'Name'],
    ['toast("Nothing was sent yet")', 'Nothing was sent yet'],
  ])('a planted one is found: %s', (code, text) => {
    expect(literalWords('planted.tsx', `export const x = () => ${code};`)).toEqual([text]);
  });

  it.each([
    '<p className="soft small" role="status">{t.hello}</p>',
    'fail(new Error("Expected a root"))',
    '<b>…</b>',
  ])('what nobody reads may stand: %s', (code) => {
    expect(literalWords('fine.tsx', `export const x = () => ${code};`)).toEqual([]);
  });
});
