/**
 * `npm test`: every check and every test; `--quick` (`npm run check`) the part that takes under a minute. A failing
 * runner does not stop the others. The last line is the sum of all: `N passed, N failed, N skipped`.
 */
import { mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ensureChromium, MISSING } from './chromium.ts';
import { ensurePython, PYTHON_MISSING } from './python.ts';
import type { Outcome } from './run/reports.ts';
import { endAll, runStep } from './run/run-step.ts';
import { allTests, BUILD, CHECKS, logOf, quickTests, type Step } from './run/steps.ts';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.cache/reports');
mkdirSync(folder, { recursive: true });
const say = (line: string) => process.stdout.write(`${line}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endAll();
    process.exit(130);
  });
}

const quick = process.argv.includes('--quick');
const outcomes: { step: Step; outcome: Outcome }[] = [];

/** A tool that is missing is a failure where everything must run (CI), and else a visible skip. */
function withoutChromium(step: Step): Outcome {
  if (process.env.CI) return { passed: 0, skipped: 0, failures: [{ title: step.name, message: MISSING }] };
  say(`${step.name}: skipped. ${MISSING}`);
  return { passed: 0, skipped: 1, failures: [] };
}

async function run(step: Step, hasChromium: boolean): Promise<void> {
  const start = performance.now();
  const outcome =
    step.needsChromium && !hasChromium ? withoutChromium(step) : await runStep(step, root, folder);
  outcomes.push({ step, outcome });
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  const counts = `${outcome.passed} passed, ${outcome.failures.length} failed, ${outcome.skipped} skipped`;
  say(`${step.name.padEnd(12)} ${counts} (${seconds} s)`);
}

/** Two at a time: each of these steps is one process. */
async function runSideBySide(steps: readonly Step[]): Promise<void> {
  const queue = [...steps];
  const lane = async () => {
    for (let step = queue.shift(); step; step = queue.shift()) await run(step, true);
  };
  await Promise.all([lane(), lane()]);
}

if (quick) {
  await runSideBySide([...quickTests(folder), ...CHECKS]); // the tests mostly wait
} else {
  const chromium = ensureChromium(say);
  if (chromium) process.env.SOTTO_CHROMIUM = chromium; // every runner drives the same one
  const python = ensurePython(say);
  if (python) process.env.SOTTO_PYTHON = python;
  else if (!process.env.CI) say(`docs/examples/open.py: skipped. ${PYTHON_MISSING}`); // with CI, its test fails
  await runSideBySide([...CHECKS, BUILD]);
  for (const step of allTests(folder)) await run(step, chromium !== undefined);
}

for (const { step, outcome } of outcomes) {
  for (const { title, message } of outcome.failures) {
    say(`\nFAILED ${step.name}: ${title}\n${message.trimEnd().slice(0, 6_000)}`);
  }
  if (outcome.failures.length > 0) say(`(all of its output: ${relative(root, logOf(step, folder))})`);
}
const sum = (count: (outcome: Outcome) => number) =>
  outcomes.reduce((total, { outcome }) => total + count(outcome), 0);
const failed = sum((outcome) => outcome.failures.length);
say(`\n${sum((o) => o.passed)} passed, ${failed} failed, ${sum((o) => o.skipped)} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
