import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Installs Debian's packages where this is Debian and its administrator; else does nothing. Failures are said. */
export function aptInstall(what: string, packages: readonly string[], say: (line: string) => void): void {
  if (!isDebian() || process.getuid?.() !== 0) return;
  say(`${what}: not found, installing it from Debian`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore', env });
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  } catch (error) {
    say(`${what}: the installation failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isDebian(): boolean {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID=debian$/m.test(release);
}
