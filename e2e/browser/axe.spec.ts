import { violationsOf } from '../support/axe.ts';
import { expect, test } from '../support/fixtures.ts';
import { SCREENS } from '../support/screens.ts';
import { smallTargets } from '../support/targets.ts';

const WIDTHS = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

for (const [width, viewport] of Object.entries(WIDTHS)) {
  test(`axe finds nothing on any screen, light and dark, ${width}`, async ({ person, visitor, watch }) => {
    test.setTimeout(300_000);
    // Two devices of one account make new keys at once, and the last screen is of a removed one.
    watch.allow(/status of 4(?:01|09)/);
    // Narrow is a phone: fingers point.
    const hasTouch = width === 'narrow';
    const options = { viewport, hasTouch, isMobile: hasTouch, reducedMotion: 'reduce' } as const;
    const [alice, bob, nobody] = await Promise.all([
      person('Alice', options),
      person('Bob', options),
      visitor(options),
    ]);
    const cast = { alice, bob, visitor: nobody };
    const found: string[] = [];
    for (const screen of SCREENS.filter(({ onlyPicture }) => !onlyPicture)) {
      const { page } = await screen.visit(cast);
      found.push(...(await violationsOf(page, screen.name)));
      if (hasTouch) found.push(...(await smallTargets(page)).map((what) => `${screen.name}: ${what}`));
    }
    expect(found.join('\n')).toBe('');
  });
}
