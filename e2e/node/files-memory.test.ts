import { expect, test } from 'vitest';
import { measureTransfer } from '../../bench/files/transfer.ts';
import { nodeExecutable } from '../support/node.ts';

const MIB = 1_048_576;

test('[M6] a large file from engine to engine keeps every process under 200 MiB', async () => {
  // `node bench/files/main.ts` does the same with 5 GiB.
  const { memory } = await measureTransfer(256, nodeExecutable());
  for (const [who, bytes] of Object.entries(memory)) {
    expect(bytes, who).toBeGreaterThan(50 * MIB); // it was measured
    expect(bytes, who).toBeLessThan(200 * MIB);
  }
});
