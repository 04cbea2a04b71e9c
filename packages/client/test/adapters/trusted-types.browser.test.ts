import { expect, it } from 'vitest';

const module = new URL('../../src/browser/worker-passwords.ts', import.meta.url).href;
const shell = new URL('../../src/browser/offline-shell.ts', import.meta.url).href;
const worker = new URL('../../src/browser/password-worker.ts', import.meta.url).href;

/** A page under the policy of the real one, as far as Trusted Types go; it reports what happened in it. */
const page = `<!doctype html>
  <meta http-equiv="Content-Security-Policy"
    content="require-trusted-types-for 'script'; trusted-types sotto-worker">
  <script type="module">
    import { workerPasswords } from ${JSON.stringify(module)};
    import { registerOfflineShell } from ${JSON.stringify(shell)};
    const outcome = (run) => Promise.resolve().then(run).then(() => 'passed', (error) => error.name);
    const passwords = workerPasswords(${JSON.stringify(worker)});
    const report = {
      plainText: await outcome(() => new Worker(${JSON.stringify(worker)}, { type: 'module' }).terminate()),
      otherPolicy: await outcome(() => trustedTypes.createPolicy('other', {})),
      passwords: await outcome(() => passwords.startLogin('correct horse')),
      // The policy lets it pass: what fails is the browser, which finds no worker there.
      shell: await registerOfflineShell('/no-such-shell.js', '').then(() => 'passed', (error) => error.message),
      samePolicyAgain: await outcome(() => trustedTypes.createPolicy('sotto-worker', {})),
    };
    parent.postMessage({ report }, '*');
  </script>`;

it('[attack 31] the worker starts under enforced Trusted Types, through the one policy', async () => {
  const frame = document.createElement('iframe');
  const reported = new Promise<unknown>((resolve) => {
    addEventListener('message', (event: MessageEvent<unknown>) => {
      if (event.source !== frame.contentWindow) return;
      resolve((event.data as { report: unknown }).report);
    });
  });
  frame.srcdoc = page;
  document.body.append(frame);
  expect(await reported).toEqual({
    plainText: 'TypeError',
    otherPolicy: 'TypeError',
    passwords: 'passed',
    shell: expect.not.stringMatching(/Trusted|not one of/),
    samePolicyAgain: 'TypeError',
  });
  frame.remove();
});
