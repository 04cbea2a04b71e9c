import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** WCAG 2.2 AA and axe's best practices; no exceptions. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds on a page as it stands, in light and in dark, one text each. @param where the screen's name */
export async function violationsOf(page: Page, where: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    for (const { id, help, nodes } of violations) {
      const places = nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`);
      found.push(`${where}, ${colorScheme}: ${id}: ${help}\n  ${places.join('\n  ')}`);
    }
  }
  return found;
}
