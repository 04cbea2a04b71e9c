import { splitSigned } from '@sotto/protocol';
import { exampleValues } from './example-values.ts';

type Row = readonly [label: string, value: Uint8Array | string];

const WIDTH = 96;

function block(rows: readonly Row[]): string {
  const lines = rows.flatMap(([label, value]) => {
    const text = typeof value === 'string' ? value : value.toHex();
    const size = typeof value === 'string' ? '' : ` (${value.length} bytes)`;
    const pieces = text.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [''];
    return [`${label}${size}`, ...pieces.map((piece) => `  ${piece}`)];
  });
  return ['```text', ...lines, '```'].join('\n');
}

const signature = (signed: Uint8Array) => splitSigned(signed).signature;
const payload = (signed: Uint8Array) => splitSigned(signed).payload;

/** The examples of docs/protocol.md as Markdown, from fixed keys. */
export async function examples(): Promise<string> {
  const e = await exampleValues();
  const { alice, bob, epoch, wrap, message, vault, invite } = e;
  const { note, long, message: files } = e.files;
  const sections: [title: string, text: string, rows: readonly Row[]][] = [
    [
      'Keys and ids',
      `All bytes are in hexadecimal, broken into lines. The time is ${e.time} wherever nothing else is said. An Ed25519 key is given by its seed (RFC 8032).`,
      [
        ["Alice's identity key, seed 32 × 01", alice.identity.publicKey],
        ["Alice's device key, seed 32 × 02", alice.signing.publicKey],
        ["Alice's account, from her identity key", alice.account],
        ["Alice's device, 16 × 02", alice.device],
        ["Bob's identity key, seed 32 × 03", bob.identity.publicKey],
        ["Bob's device key, seed 32 × 04", bob.signing.publicKey],
        ["Bob's account", bob.account],
        ["Bob's device, 16 × 04", bob.device],
        ['group that Alice makes below', epoch.room],
        ['direct room of Alice and Bob', epoch.direct],
      ],
    ],
    [
      'Device list',
      'Version 1 of each. The signed object is payload, then signature; its hash covers both.',
      [
        ["Alice's payload", payload(alice.list.signed)],
        ["Alice's signature", signature(alice.list.signed)],
        ["hash of Alice's list", alice.list.hash],
        ["Bob's payload", payload(bob.list.signed)],
        ["Bob's signature", signature(bob.list.signed)],
        ["hash of Bob's list", bob.list.hash],
      ],
    ],
    [
      'Exchange key',
      "Of Bob's device, with the full lifetime of 90 days.",
      [
        ['ML-KEM seed of the private key', wrap.seed],
        ['RSAPrivateKey (DER)', wrap.rsa],
        ['payload', payload(wrap.exchangeKey.signed)],
        ['signature', signature(wrap.exchangeKey.signed)],
        ['hash', wrap.exchangeKey.hash],
      ],
    ],
    [
      'Epoch header',
      'Epoch 1 of a group that Alice makes with Bob, under the secret 32 × 22, with the name “Lab”, no topic and the salt 32 × 28.',
      [
        ['padded profile', epoch.profile],
        ['hash of the profile', epoch.header.profile ?? ''],
        ['sealed profile', epoch.header.sealed ?? ''],
        ['commitment', epoch.header.commitment],
        ['payload', epoch.payload],
        ['signature', signature(epoch.signed)],
        ['hash', epoch.hash],
      ],
    ],
    [
      'Wrap',
      'The secret for Bob’s device. Encapsulation is random: here is one ciphertext and what it opens to.',
      [
        ['KEM ciphertext', wrap.wrap.slice(0, 1_472)],
        ['shared secret', wrap.shared],
        ['HKDF info', wrap.info],
        ['key', wrap.key],
        ['nonce', wrap.nonce],
        ['sealed secret, the end of the wrap', wrap.wrap.slice(1_472)],
      ],
    ],
    [
      'Message',
      'Alice says “Hello, Bob” as message 16 × 23 with the salt 16 × 24, counter 1, having seen position 1.',
      [
        ['header, also the associated data', message.header],
        ['content', message.content],
        ['padded content', message.padded],
        ['HKDF info', message.info],
        ['key', message.key],
        ['nonce', message.nonce],
        ['ciphertext', message.ciphertext],
        ['payload', message.payload],
        ['signature', signature(message.signed)],
      ],
    ],
    [
      'Hash chain',
      `The header stands at position 1, at time ${e.chain.first.time}, under the id that is the beginning of its hash; the message at position 2, at time ${e.chain.second.time}.`,
      [
        ['chain(0)', e.chain.zero],
        ['chain(1)', e.chain.one],
        ['chain(2)', e.chain.two],
      ],
    ],
    [
      'Leave statement',
      'Bob leaves under epoch 1; the statement’s id is 16 × 25.',
      [
        ['payload', e.leave.payload],
        ['signature', signature(e.leave.signed)],
      ],
    ],
    [
      'Invite and admission',
      'A link with the secret 32 × 51; Carol (device 16 × 06, identity seed 32 × 05) arrives right after epoch 1.',
      [
        ['public key of the invite', invite.key],
        ['what the invite’s key signs, behind its context', invite.payload],
        ['signature', invite.signature],
      ],
    ],
    [
      'Connection proof',
      `Alice’s device dials ${e.origin} and gets the nonce 32 × 31.`,
      [
        ['payload', e.proofs.connection.payload],
        ['signature', e.proofs.connection.signature],
      ],
    ],
    [
      'Request proof',
      '`GET /api/people` with the nonce 16 × 32 and no body.',
      [
        ['payload', e.proofs.request.payload],
        ['signature', e.proofs.request.signature],
        ['sotto-proof', e.proofs.request.header],
      ],
    ],
    [
      'Work',
      `For the request \`${e.work.request}\` with the seed 23 × 91, ${e.work.bits} bits; counted up from 0, the first that fits.`,
      [
        ['SHA-256 of label, seed and request', e.work.hash],
        ['nonce', e.work.nonce],
        ['SHA-256 of that hash and the nonce', e.work.found],
      ],
    ],
    ['Safety number', 'Of Alice and Bob.', [['digits', e.safety]]],
    [
      'Vault',
      'Alice’s, version 1, with Bob verified; the vault key is 32 × 41, the salt 32 × 42.',
      [
        ['content', vault.plain],
        ['associated data', vault.associated],
        ['key', vault.key],
        ['nonce', vault.nonce],
        ['sealed', vault.sealed],
      ],
    ],
    [
      'Vault lock',
      'The vault key under the password; the export key is 64 × 44, the salt 32 × 45.',
      [
        ['associated data', vault.lockLabel],
        ['lock', vault.lock],
      ],
    ],
    [
      'Archive entry',
      'The secret of the epoch above, in Alice’s archive.',
      [
        ['archive key', e.archive.key],
        ['sealed', e.archive.sealed],
      ],
    ],
    [
      'Files',
      'Alice sends two: “plan.txt” of type text/plain with the text “Meet at nine.”, in one chunk; and “count.bin” of type application/octet-stream with 2,098,152 bytes in three chunks, byte `i` being `i mod 251`. Their keys are 32 × 61 and 32 × 63, their ids 16 × 62 and 16 × 64.',
      [
        ['plan.txt: sealed chunk 0, the last', note.chunks[0]?.sealed ?? ''],
        ['plan.txt: its SHA-256', note.chunks[0]?.digest ?? ''],
        ['plan.txt: hash', note.hash],
        ...long.chunks.map(
          ({ digest }, index): Row => [`count.bin: SHA-256 of sealed chunk ${index}`, digest],
        ),
        ['count.bin: the first bytes of sealed chunk 0', long.chunks[0]?.sealed.slice(0, 48) ?? ''],
        ['count.bin: the last bytes of sealed chunk 2', long.chunks[2]?.sealed.slice(-48) ?? ''],
        ['count.bin: hash', long.hash],
      ],
    ],
    [
      'Message with files',
      'Of the epoch above: message 16 × 26 with the salt 16 × 27, counter 2, having seen position 2.',
      [
        ['content of the message with files', files.content],
        ['payload of the message with files', files.payload],
        ['signature of the message with files', signature(files.signed)],
      ],
    ],
  ];
  return sections.map(([title, text, rows]) => `### ${title}\n\n${text}\n\n${block(rows)}\n\n`).join('');
}
