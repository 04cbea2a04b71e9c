import { describe, expect, it } from 'vitest';
import { browserFiles, eraseBrowserFiles } from '../../src/browser/browser-files.ts';
import { databaseFiles, eraseDatabaseFiles } from '../../src/browser/database-files.ts';
import { eraseOriginFiles, hasOriginFiles, originFiles } from '../../src/browser/origin-files.ts';
import { describeSealedFiles } from './sealed-files-contract.ts';

describeSealedFiles('the private file system of a browser', {
  open: () => originFiles('sotto-test'),
  erase: () => eraseOriginFiles('sotto-test'),
  part: 16 * 1_048_576,
});

describeSealedFiles('IndexedDB, where that cannot be written', {
  open: () => databaseFiles('sotto-test-files'),
  erase: () => eraseDatabaseFiles('sotto-test-files'),
});

describe('sealed files in a browser', () => {
  it('a part that was not closed costs that part, not the file', async () => {
    expect(await hasOriginFiles()).toBe(true);
    const files = originFiles('sotto-test');
    const first = await files.append('AAAA');
    await first.write(new Uint8Array(100).fill(1));
    await first.close();
    const cut = await files.append('AAAA'); // and the tab is gone
    await cut.write(new Uint8Array(100).fill(2));
    expect(await originFiles('sotto-test').size('AAAA')).toBe(100);
    await cut.close();
    await eraseOriginFiles('sotto-test');
  });

  it('goes with the account, and only with that', async () => {
    const [mine, other] = [browserFiles('mine'), browserFiles('other')];
    for (const files of [mine, other]) {
      const appender = await files.append('AAAA');
      await appender.write(new Uint8Array(10));
      await appender.close();
    }
    await eraseBrowserFiles('mine');
    expect(await browserFiles('mine').list()).toEqual([]);
    expect(await other.size('AAAA')).toBe(10);
    await eraseBrowserFiles('other');
  });
});
