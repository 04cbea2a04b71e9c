import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { outcomeOf, runStep } from '../run/run-step.ts';
import type { Step } from '../run/steps.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-outcomes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const step = (counts: Step['counts'], code = ''): Step => ({
  name: 'planted',
  command: ['-e', code],
  counts,
});
const report = () => join(folder, 'planted.json');
const ended = (code: number) => ({ code, output: 'its last words', report: report() });

const vitestFile = (status: string, tests: string[], message = '') => ({
  name: 'some.test.ts',
  status,
  message,
  assertionResults: tests.map((test) => ({ fullName: test, status: test, failureMessages: ['because'] })),
});

test('a runner without a report counts as failed, with its last words', () => {
  const { failures } = outcomeOf(step('vitest'), ended(0));
  expect(failures).toEqual([
    { title: 'planted', message: 'left no report and ended with 0\nits last words' },
  ]);
});

test('passed, failed and skipped tests are counted; a file that does not load counts as one failure', async () => {
  const testResults = [
    vitestFile('failed', ['passed', 'failed', 'skipped', 'todo']),
    vitestFile('failed', [], 'does not parse'),
  ];
  await writeFile(report(), JSON.stringify({ testResults }));
  expect(outcomeOf(step('vitest'), ended(1))).toEqual({
    passed: 1,
    skipped: 2,
    failures: [
      { title: 'failed', message: 'because' },
      { title: 'some.test.ts', message: 'does not parse' },
    ],
  });
});

test('a runner that fails after all of its tests passed, or that ran none, counts as failed', async () => {
  await writeFile(report(), JSON.stringify({ testResults: [vitestFile('passed', ['passed'])] }));
  expect(outcomeOf(step('vitest'), ended(1))).toMatchObject({ passed: 1, failures: [{ title: 'planted' }] });
  await writeFile(report(), JSON.stringify({ testResults: [] }));
  expect(outcomeOf(step('vitest'), ended(0)).failures).toHaveLength(1);
});

test('Playwright: nested suites, errors outside of tests, and flaky tests as failures', async () => {
  const spec = (status: string) => ({
    title: status,
    file: 'a.spec.ts',
    tests: [{ status, results: [{ errors: [{ message: 'because' }] }] }],
  });
  const suites = [
    { specs: [spec('expected')], suites: [{ specs: [spec('unexpected'), spec('flaky'), spec('skipped')] }] },
  ];
  await writeFile(report(), JSON.stringify({ suites, errors: [{ message: 'no setup' }] }));
  const outcome = outcomeOf(step('playwright'), ended(1));
  expect({ ...outcome, failures: outcome.failures.map(({ title }) => title) }).toEqual({
    passed: 1,
    skipped: 1,
    failures: ['outside of any test', 'a.spec.ts: unexpected', 'a.spec.ts: flaky'],
  });
});

test('a step is a real process: its exit code counts, and its output is kept', async () => {
  expect(await runStep(step('exit', ''), folder, folder)).toEqual({ passed: 1, skipped: 0, failures: [] });
  const { failures } = await runStep(
    step('exit', 'process.stdout.write("oh"); process.exit(3)'),
    folder,
    folder,
  );
  expect(failures).toEqual([{ title: 'planted', message: 'ended with 3\noh' }]);
});
