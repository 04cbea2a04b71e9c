import type { BrowserContext, Page } from '@playwright/test';

/** What went wrong in pages without any assertion looking: each fails the test. */
export interface Watch {
  /** Everything seen so far that no test allowed, in plain words. */
  readonly problems: readonly string[];
  /** Texts of every HTTP body and WebSocket frame that left or reached the pages. */
  readonly wire: readonly string[];
  /** What a test causes on purpose, such as a cut network. */
  allow(pattern: RegExp): void;
  /** Watches every page of a context, those that open later too. */
  attach(context: BrowserContext, who: string): Promise<void>;
}

/** @param origin the only address pages may talk to */
export function watchPages(origin: () => string): Watch {
  const seen: string[] = [];
  const wire: string[] = [];
  const allowed: RegExp[] = [];

  function watchPage(page: Page, who: string): void {
    page.on('console', (message) => {
      const { url } = message.location();
      if (message.type() === 'error') seen.push(`${who}: console error: ${message.text()} (${url})`);
    });
    page.on('pageerror', (error) => seen.push(`${who}: uncaught: ${error.stack ?? error.message}`));
    page.on('websocket', (socket) => {
      checkAddress(who, socket.url().replace(/^ws/, 'http'));
      const keep = ({ payload }: { payload: string | Buffer }) => wire.push(payload.toString());
      socket.on('framesent', keep).on('framereceived', keep);
    });
  }

  function checkAddress(who: string, url: string): void {
    const { protocol } = new URL(url);
    const local = protocol === 'data:' || protocol === 'blob:';
    if (!local && new URL(url).origin !== origin()) seen.push(`${who}: request to another origin: ${url}`);
  }

  return {
    get problems() {
      return seen.filter((problem) => !allowed.some((pattern) => pattern.test(problem)));
    },
    wire,
    allow: (pattern) => allowed.push(pattern),
    async attach(context, who) {
      await context.exposeBinding('reportPolicyViolation', (_source, what: string) => {
        seen.push(`${who}: policy violation: ${what}`);
      });
      await context.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
          const report = (globalThis as unknown as { reportPolicyViolation(what: string): void })
            .reportPolicyViolation;
          report(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
        });
      });
      context.on('request', (request) => {
        checkAddress(who, request.url());
        const body = request.postData();
        if (body) wire.push(body);
      });
      context.on('page', (page) => watchPage(page, who));
    },
  };
}
