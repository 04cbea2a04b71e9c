import { violationsOf } from '../support/axe.ts';
import { expect, test } from '../support/fixtures.ts';
import { SCREENS } from '../support/screens.ts';

const WIDTHS = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

for (const [width, viewport] of Object.entries(WIDTHS)) {
  test(`axe finds nothing on any screen, light and dark, ${width}`, async ({ person, visitor, watch }) => {
    test.setTimeout(300_000);
    // Two devices of one account make new keys at once, and the last screen is of a removed one.
    watch.allow(/status of 4(?:01|09)/);
    const options = { viewport, reducedMotion: 'reduce' } as const;
    const cast = {
      visitor: await visitor(options),
      alice: await person('Alice', options),
      bob: await person('Bob', options),
    };
    const found: string[] = [];
    for (const screen of SCREENS) {
      const { page } = await screen.visit(cast);
      found.push(...(await violationsOf(page, screen.name)));
    }
    expect(found.join('\n')).toBe('');
  });
}
