import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** WCAG 2.2 AA and axe's best practices; no exceptions. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** All of those rules that look at colours. The page is the same in the dark but for its colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Waits until colours stand still: a transition of even 1 ms takes a frame, and a busy machine draws few. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    const passing = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
}

/** What axe finds on a page as it stands, in light and in dark, one text each. @param where the screen's name */
export async function violationsOf(page: Page, where: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    // In the page itself: no frame of another origin is looked at, and a page of its own for each look costs most of the time.
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    const rules = colorScheme === 'light' ? axe.withTags(TAGS) : axe.withRules(COLOUR_RULES);
    const { violations } = await rules.analyze();
    for (const { id, help, nodes } of violations) {
      const places = nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`);
      found.push(`${where}, ${colorScheme}: ${id}: ${help}\n  ${places.join('\n  ')}`);
    }
  }
  return found;
}
