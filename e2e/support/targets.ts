import type { Page } from '@playwright/test';

/**
 * What a finger would miss: things to press, on the screen and uncovered, that take less than 44 px in a direction
 * (WCAG 2.5.5). Links inside a text are left out, as they are there.
 */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const SIZE = 44;
    const pressable =
      'button, a[href], input, select, textarea, [role=tab], [role=menuitem], [role=option], [role=slider]';
    const hits = (element: Element, x: number, y: number) => {
      const found = document.elementFromPoint(x, y);
      const label = found?.closest('label');
      return found !== null && (element.contains(found) || (label?.contains(element) ?? false));
    };
    const small: string[] = [];
    for (const element of document.querySelectorAll(pressable)) {
      if (element.matches('input[type=hidden], input[type=file], :disabled, p a, li a:only-child')) continue;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      if (!element.checkVisibility({ visibilityProperty: true }) || !hits(element, x, y)) continue;
      // By what is hit: a pseudo-element or a label may make it larger than its box.
      const reach = (dx: number, dy: number) => {
        let far = 0;
        while (far <= SIZE && hits(element, x + dx * far, y + dy * far)) far += 1;
        return far;
      };
      const [wide, high] = [reach(-1, 0) + reach(1, 0), reach(0, -1) + reach(0, 1)];
      const atEdge = x < SIZE / 2 || y < SIZE / 2 || x > innerWidth - SIZE / 2 || y > innerHeight - SIZE / 2;
      if (atEdge || (wide >= SIZE - 1 && high >= SIZE - 1)) continue;
      const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 30) ?? '';
      small.push(`${element.tagName.toLowerCase()}.${element.className} “${name}” ${wide}×${high}`);
    }
    return small;
  });
}
