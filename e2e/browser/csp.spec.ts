import { expect, test } from '../support/fixtures.ts';

test('[attack 31] the page’s policy has no exceptions', async ({ server }) => {
  const response = await fetch(server.origin);
  const policy = response.headers.get('content-security-policy') ?? '';
  const directives = new Map(
    policy.split(';').map((part) => {
      const [name = '', ...values] = part.trim().split(/\s+/);
      return [name, values] as const;
    }),
  );
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:/);
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(directives.get('script-src')).toEqual(["'self'"]);
  expect(directives.get('object-src') ?? ["'none'"]).toEqual(["'none'"]);
  expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
  expect(directives.get('frame-src')).toEqual(["'self'"]);
  expect(directives.get('base-uri')).toEqual(["'none'"]);
  expect(directives.get('require-trusted-types-for')).toEqual(["'script'"]);
  expect((directives.get('trusted-types') ?? []).length).toBeLessThanOrEqual(1);
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
});

test('an injected script, style or evaluation is refused by the page', async ({ visitor, watch }) => {
  watch.allow(/policy violation|Content Security Policy|requires 'Trusted/);
  const { page } = await visitor();
  const outcome = await page.evaluate(async () => {
    const attempt = (run: () => unknown) => {
      try {
        run();
        return 'allowed';
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    };
    const script = document.createElement('script');
    script.append('window.injected = true');
    document.body.append(script);
    // In a task of its own: the debugger's own evaluation is exempt from the policy.
    const evaluation = await new Promise<string>((resolve) => {
      setTimeout(() => resolve(attempt(() => new Function('return 1')())));
    });
    return {
      html: attempt(() => {
        document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
      }),
      evaluation,
      inline: 'injected' in window,
    };
  });
  expect(outcome).toEqual({ html: 'TypeError', evaluation: 'EvalError', inline: false });
});

test('a whole sign-up and conversation makes no third-party request and breaks no policy', async ({
  person,
  watch,
}) => {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('all from one place');
  await bob.openConversation('Alice');
  await bob.reads('all from one place');
  expect(watch.problems).toEqual([]);
  expect(await alice.page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
});
