import { randomBytes } from 'node:crypto';
import { LIMITS } from '@sotto/protocol';
import type { Chance } from '../node/chance.ts';
import type { Loot } from './loot.ts';

/** What this looks at of a schema of valibot. */
export interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly options?: readonly unknown[];
  readonly item?: Schema;
  readonly wrapped?: Schema;
  readonly literal?: unknown;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

export interface Draw {
  readonly chance: Chance;
  readonly loot: Loot;
}

/** One in so many values is of quite another kind than the schema says. */
const ODD = 60;
const ODDITIES = [
  null,
  true,
  -1,
  0.5,
  '',
  'x',
  '\u202e\u0000',
  [],
  {},
  [[]],
  { __proto__: null, t: 'send' },
  1e308,
];

/** Where counts and times go over: each side of every bound. */
const EDGES = [
  0,
  1,
  2,
  LIMITS.count,
  LIMITS.count + 1,
  LIMITS.time,
  LIMITS.time + 1,
  2 ** 31,
  2 ** 53 - 1,
  -1,
];

/** A value that fits the schema, nearly always: random, from the edge, or stolen. */
export function valueFor(schema: Schema, name: string, draw: Draw): unknown {
  const { chance } = draw;
  if (chance.below(ODD) === 0) return chance.pick(ODDITIES);
  switch (schema.type) {
    case 'optional':
      return chance.below(2) === 0 ? undefined : inner(schema, name, draw);
    case 'nullable':
      return chance.below(3) === 0 ? null : inner(schema, name, draw);
    case 'literal':
      return schema.literal;
    case 'picklist':
      return chance.pick(schema.options ?? []);
    case 'variant':
      return valueFor(chance.pick(schema.options ?? []) as Schema, name, draw);
    case 'boolean':
      return chance.below(2) === 0;
    case 'number':
      return chance.pick([chance.below(20), chance.below(20), Date.now(), chance.pick(EDGES) ?? 0]);
    case 'array':
      return listFor(schema, name, draw);
    case 'object':
    case 'strict_object':
      return recordFor(schema, draw);
    case 'string':
      return textFor(schema, name, draw);
    default:
      throw new TypeError(`there is a kind of schema that nobody attacks yet: ${schema.type}`);
  }
}

const inner = (schema: Schema, name: string, draw: Draw) => valueFor(schema.wrapped as Schema, name, draw);

function recordFor({ entries = {} }: Schema, draw: Draw): unknown {
  const made = Object.entries(entries).map(([key, each]) => [key, valueFor(each, key, draw)]);
  if (draw.chance.below(ODD) === 0) made.push(['more', 1]);
  return Object.fromEntries(made.filter(([, value]) => value !== undefined));
}

function listFor(schema: Schema, name: string, draw: Draw): unknown[] {
  const most = bound(schema, 'max_length') ?? 10;
  const length = draw.chance.pick([1, 1, 1, 2, 3, 10, 0, Math.min(most, 200), Math.min(most, 200) + 1]) ?? 1;
  return Array.from({ length }, () => valueFor(schema.item as Schema, name, draw));
}

function textFor(schema: Schema, name: string, { chance, loot }: Draw): string {
  const [least, most] = [bound(schema, 'min_length') ?? 1, bound(schema, 'max_length') ?? 22];
  const stolen = chance.below(10) < 8 ? loot.named(name, chance) : undefined;
  if (stolen !== undefined) return chance.below(8) === 0 ? bent(stolen, chance) : stolen;
  const length = chance.pick([22, 43, least, Math.min(most, 6_000), most + 1]) ?? 22;
  return loot.shaped(length, chance) ?? randomBytes(length).toString('base64url').slice(0, length);
}

/** One of its characters is another. */
function bent(text: string, chance: Chance): string {
  const at = chance.below(Math.max(1, text.length));
  return text.slice(0, at) + (text[at] === 'A' ? 'Q' : 'A') + text.slice(at + 1);
}

function bound({ pipe = [] }: Schema, type: string): number | undefined {
  const requirement = pipe.find((each) => each.type === type)?.requirement;
  return typeof requirement === 'number' ? requirement : undefined;
}
