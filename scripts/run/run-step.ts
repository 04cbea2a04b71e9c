import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { quickEnvironment } from './environment.ts';
import { type Outcome, plain, readPlaywright, readVitest } from './reports.ts';
import { logOf, reportOf, type Step } from './steps.ts';

/** A runner that hangs is ended and counts as failed; one on a slow machine is not. */
const LIMIT = 25 * 60_000;

const running = new Set<ChildProcess>();

/** Ends whatever still runs, with all of its children. */
export function endAll(): void {
  for (const child of running) end(child);
}

function end(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
}

/** Runs one step in `root`, its output into a log; never throws for what the step does. */
export async function runStep(step: Step, root: string, folder: string): Promise<Outcome> {
  const report = reportOf(step, folder);
  const log = logOf(step, folder);
  rmSync(report, { force: true });
  const code = await runProcess(step, { root, report, log });
  const output = plain(readFileSync(log, 'utf8'));
  return outcomeOf(step, { code, output, report });
}

async function runProcess(
  step: Step,
  at: { root: string; report: string; log: string },
): Promise<number | string> {
  const sink = createWriteStream(at.log);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...step.command], {
    cwd: at.root,
    env: {
      ...process.env,
      ...quickEnvironment(at.root),
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      PLAYWRIGHT_JSON_OUTPUT_FILE: at.report,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group of its own, so that browsers and servers end with it
  });
  running.add(child);
  const limit = setTimeout(() => end(child), LIMIT);
  child.stdout.pipe(sink, { end: false });
  child.stderr.pipe(sink, { end: false });
  const code = await new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (exit, signal) => resolve(exit ?? signal ?? 'unknown'));
  });
  clearTimeout(limit);
  running.delete(child);
  sink.end();
  await finished(sink);
  return code;
}

/** Counts what a runner left behind. Without a report, or failing without a failure in it, it counts as failed. */
export function outcomeOf(
  step: Step,
  { code, output, report }: { code: number | string; output: string; report: string },
): Outcome {
  const crashed = (message: string) => ({ title: step.name, message: `${message}\n${tail(output)}` });
  if (step.counts === 'exit') {
    return code === 0
      ? { passed: 1, skipped: 0, failures: [] }
      : { passed: 0, skipped: 0, failures: [crashed(`ended with ${code}`)] };
  }
  if (!existsSync(report)) {
    return { passed: 0, skipped: 0, failures: [crashed(`left no report and ended with ${code}`)] };
  }
  const json = JSON.parse(readFileSync(report, 'utf8'));
  const outcome = step.counts === 'vitest' ? readVitest(json) : readPlaywright(json);
  if (code !== 0 && outcome.failures.length === 0) {
    return { ...outcome, failures: [crashed(`all tests passed, but it ended with ${code}`)] };
  }
  if (outcome.passed + outcome.skipped + outcome.failures.length === 0) {
    return { ...outcome, failures: [crashed('ran no test at all')] };
  }
  return outcome;
}

const tail = (output: string) => output.trimEnd().split('\n').slice(-60).join('\n');
