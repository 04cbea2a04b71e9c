import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE_CHUNK_BYTES, sealChunks } from '@sotto/crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPython, PYTHON_MISSING } from '../../scripts/python.ts';
import { ROOT } from '../support/node.ts';

/*
 * The protocol read by a stranger: `docs/examples/open.py` knows the document and nothing of this program. What it
 * opens are the examples of the document, and a sealed file made here by the program.
 */

const SEALED_CHUNK_BYTES = FILE_CHUNK_BYTES + 16;
const SCRIPT = join(ROOT, 'docs/examples/open.py');
const python = findPython();
let folder: string;
let document: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-python-'));
  document = await readFile(join(ROOT, 'docs/protocol.md'), 'utf8');
  const secrets = `${'22'.repeat(32)}\n${example("Alice's device key, seed 32 × 02").toHex()}\n`;
  await writeFile(at('secrets'), secrets);
  await writeFile(at('text'), message('### Message', 'payload', 'signature'));
  const files = ['payload of the message with files', 'signature of the message with files'] as const;
  await writeFile(at('files'), message('### Message with files', ...files));
  await writeFile(at('plan'), example('plan.txt: sealed chunk 0, the last'));
  await writeFile(at('count'), await sealedCounting());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

/** The bytes under a label of the document, behind a heading. */
function example(label: string, heading = '### Keys and ids'): Uint8Array<ArrayBuffer> {
  const from = document.indexOf(`\n${heading}\n`);
  const pattern = new RegExp(`^${RegExp.escape(label)} \\((\\d+) bytes\\)\\n((?:  [0-9a-f]+\\n)+)`, 'm');
  const [, size, hex = ''] = pattern.exec(document.slice(from)) ?? [];
  const bytes = Uint8Array.fromHex(hex.replace(/\s/g, ''));
  if (from < 0 || bytes.length !== Number(size)) throw new Error(`docs/protocol.md: no ${label}`);
  return bytes;
}

const message = (heading: string, payload: string, signature: string) =>
  Buffer.concat([example(payload, heading), example(signature, heading)]);

const counting = () => new Uint8Array(2 * FILE_CHUNK_BYTES + 1_000).map((_, index) => index % 251);

/** The document's longer file as this program seals it. */
async function sealedCounting(): Promise<Buffer> {
  const key = { key: new Uint8Array(32).fill(0x63), file: new Uint8Array(16).fill(0x64) };
  const naming = { name: 'count.bin', type: 'application/octet-stream' };
  return Buffer.concat(await Array.fromAsync(sealChunks({ ...key, ...naming }, [counting()])));
}

function open(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(python ?? '', [SCRIPT, ...args.map(at)], { encoding: 'utf8' });
  return { status, out: stdout, problem: stderr };
}

/** File NUMBER of the message, opened from SEALED. */
const openFile = (number: string, sealed: string) =>
  spawnSync(python ?? '', [SCRIPT, at('secrets'), at('files'), number, at(sealed), at('out')], {
    encoding: 'utf8',
  });

test.skipIf(python === undefined && !process.env.CI)('there is a Python that can run it', () => {
  expect(python, PYTHON_MISSING).toBeDefined();
});

describe.skipIf(python === undefined)('docs/examples/open.py', () => {
  test('[M1] [M3] opens the message of the document', () => {
    const { status, out, problem } = open('secrets', 'text');
    expect(status, problem).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      header: { epoch: 1, counter: 1, kind: 'log' },
      content: { v: 1, kind: 'text', body: 'Hello, Bob' },
    });
  });

  test('[M6] opens both files of the document’s second message', async () => {
    const told = JSON.parse(open('secrets', 'files').out);
    expect(told.content).toMatchObject({
      kind: 'files',
      body: 'Two files',
      files: [{ name: 'plan.txt' }, { name: 'count.bin', size: 2_098_152 }],
    });
    expect(openFile('0', 'plan').stderr).toBe('');
    expect(await readFile(at('out'), 'utf8')).toBe('Meet at nine.');
    expect(openFile('1', 'count').stderr).toBe('');
    expect((await readFile(at('out'))).equals(counting())).toBe(true);
    await rm(at('out'));
  });

  test('[attacks 15, 24] another sender’s key, a changed byte and another secret open nothing', async () => {
    const bob = example("Bob's device key, seed 32 × 04").toHex();
    await writeFile(at('bob'), `${'22'.repeat(32)}\n${bob}\n`);
    expect(open('bob', 'text')).toMatchObject({ status: 1, problem: expect.stringContaining('signature') });
    const changed = await readFile(at('text'));
    changed[300] = (changed[300] ?? 0) ^ 1;
    await writeFile(at('changed'), changed);
    expect(open('secrets', 'changed')).toMatchObject({ status: 1, out: '' });
    const alice = example("Alice's device key, seed 32 × 02").toHex();
    await writeFile(at('epoch'), `${'23'.repeat(32)}\n${alice}\n`);
    expect(open('epoch', 'text')).toMatchObject({ status: 1, out: '' });
  });

  test('[attack 16] a file that was cut, reordered, repeated or swapped leaves nothing behind', async () => {
    const sealed = await readFile(at('count'));
    const [one, two, rest] = [0, 1, 2].map((index) =>
      sealed.subarray(index * SEALED_CHUNK_BYTES, (index + 1) * SEALED_CHUNK_BYTES),
    ) as [Buffer, Buffer, Buffer];
    const lies = {
      cut: [one, two],
      torn: [one, two, rest.subarray(0, -1)],
      reordered: [two, one, rest],
      repeated: [one, one, rest],
      longer: [one, two, rest, Buffer.alloc(16)],
      another: [await readFile(at('plan'))],
    };
    for (const [name, parts] of Object.entries(lies)) {
      await writeFile(at('lie'), Buffer.concat(parts));
      expect(openFile('1', 'lie').status, name).toBe(1);
      await expect(readFile(at('out')), name).rejects.toThrow('ENOENT');
      await expect(readFile(at('out.part')), name).rejects.toThrow('ENOENT');
    }
  });
});
