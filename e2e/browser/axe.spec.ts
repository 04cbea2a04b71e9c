import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '../support/fixtures.ts';
import { SCREENS } from '../support/screens.ts';

const WIDTHS = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, viewport] of Object.entries(WIDTHS)) {
    test(`axe finds nothing on any screen, ${colorScheme}, ${width}`, async ({ person, visitor, watch }) => {
      test.setTimeout(300_000);
      // Two devices of one account make new keys at once, and the last screen is of a removed one.
      watch.allow(/status of 4(?:01|09)/);
      const options = { colorScheme, viewport, reducedMotion: 'reduce' } as const;
      const cast = {
        visitor: await visitor(options),
        alice: await person('Alice', options),
        bob: await person('Bob', options),
      };
      const found: string[] = [];
      for (const screen of SCREENS) {
        const { page } = await screen.visit(cast);
        // The tags of WCAG 2.2 AA and axe's best practices; no exceptions.
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
        for (const { id, help, nodes } of violations) {
          const where = nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`);
          found.push(`${screen.name}: ${id}: ${help}\n  ${where.join('\n  ')}`);
        }
      }
      expect(found.join('\n')).toBe('');
    });
  }
}
