/** What the runners' JSON reports say, as counts and failures. */

export interface Failure {
  readonly title: string;
  readonly message: string;
}

export interface Outcome {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/** A file that does not even load counts as one failed test. */
export function readVitest(report: VitestReport): Outcome {
  const failures: Failure[] = [];
  let passed = 0;
  let skipped = 0;
  for (const file of report.testResults) {
    let failedHere = 0;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') {
        failedHere += 1;
        failures.push({ title: test.fullName, message: (test.failureMessages ?? []).join('\n') });
      } else skipped += 1;
    }
    if (file.status === 'failed' && failedHere === 0) {
      failures.push({ title: file.name, message: file.message || 'the file failed outside of its tests' });
    }
  }
  return { passed, skipped, failures };
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly tests: readonly {
      readonly status: string;
      readonly results: readonly { readonly errors?: readonly { readonly message?: string }[] }[];
    }[];
  }[];
}

interface PlaywrightReport {
  readonly suites: readonly PlaywrightSuite[];
  /** Errors outside of any test: global setup, files that do not load. */
  readonly errors: readonly { readonly message?: string }[];
}

/** A test that passes only at the second try counts as failed: it cannot be relied upon. */
export function readPlaywright(report: PlaywrightReport): Outcome {
  const failures: Failure[] = report.errors.map(({ message = '' }) => ({
    title: 'outside of any test',
    message: plain(message),
  }));
  let passed = 0;
  let skipped = 0;
  const visit = (suite: PlaywrightSuite) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') passed += 1;
        else if (test.status === 'skipped') skipped += 1;
        else {
          const errors = test.results.flatMap((result) => result.errors ?? []);
          const message = errors.map((error) => plain(error.message ?? '')).join('\n');
          failures.push({ title: `${spec.file}: ${spec.title}`, message });
        }
      }
    }
    suite.suites?.forEach(visit);
  };
  report.suites.forEach(visit);
  return { passed, skipped, failures };
}

const ESCAPE = String.fromCharCode(27);

/** Without terminal colours. */
export const plain = (text: string) => text.replace(new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g'), '');
