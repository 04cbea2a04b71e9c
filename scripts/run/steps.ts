import { join } from 'node:path';

/** One runner of the whole check. */
export interface Step {
  readonly name: string;
  /** Arguments of Node. */
  readonly command: readonly string[];
  /** How its outcome counts: its exit code as one check, or the tests in its JSON report. */
  readonly counts: 'exit' | 'vitest' | 'playwright';
  readonly needsChromium?: true;
}

/** Where each runner leaves its JSON report and its output. */
export const reportOf = (step: Pick<Step, 'name'>, folder: string) => join(folder, `${step.name}.json`);
export const logOf = (step: Pick<Step, 'name'>, folder: string) => join(folder, `${step.name}.log`);

/** The checks without tests; each takes seconds, so they run next to each other. */
export const CHECKS: readonly Step[] = [
  {
    name: 'lint',
    command: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--max-diagnostics=100', '.'],
    counts: 'exit',
  },
  { name: 'types', command: ['scripts/types.ts'], counts: 'exit' },
  { name: 'boundaries', command: ['scripts/boundaries.ts'], counts: 'exit' },
  {
    name: 'dead-code',
    command: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'],
    counts: 'exit',
  },
];

export const BUILD: Step = { name: 'build', command: ['scripts/build.ts'], counts: 'exit' };

function vitest(name: string, config: string, folder: string, more: readonly string[] = []): Step {
  const reporters = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportOf({ name }, folder)}`,
  ];
  return {
    name,
    command: ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...reporters, ...more],
    counts: 'vitest',
  };
}

/** The quick part: what finds most mistakes within a minute. */
export const quickTests = (folder: string): readonly Step[] => [
  vitest('unit-quick', 'vitest.config.ts', folder, [
    ...['protocol', 'server', 'web', 'cli', 'scripts'].flatMap((project) => ['--project', project]),
  ]),
];

/** Every test. Each runner uses both cores itself, so they run one after another. */
export const allTests = (folder: string): readonly Step[] => [
  vitest('unit', 'vitest.config.ts', folder),
  { ...vitest('chromium', 'vitest.browser.config.ts', folder), needsChromium: true },
  {
    name: 'end-to-end',
    command: ['node_modules/@playwright/test/cli.js', 'test'],
    counts: 'playwright',
    needsChromium: true,
  },
];
