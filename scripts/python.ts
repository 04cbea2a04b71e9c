/** Finds a Python with Debian's `python3-pycryptodome` for `docs/examples/open.py`, and installs that where it is missing. */
import { spawnSync } from 'node:child_process';
import { aptInstall } from './debian.ts';

/** Debian's own comes first: its packages are not seen by another one. */
const PLACES = ['/usr/bin/python3', 'python3'];

/** A Python that has the module: `SOTTO_PYTHON`, else the system's; undefined where there is none. */
export function findPython(): string | undefined {
  const named = process.env.SOTTO_PYTHON;
  return (named ? [named] : PLACES).find((path) => hasModule(path));
}

export const PYTHON_MISSING =
  'Python with pycryptodome is missing. Install it (Debian: apt-get install python3-pycryptodome) or name one in SOTTO_PYTHON.';

/** As `findPython`, after trying Debian's packages where this machine and user allow it. */
export function ensurePython(say: (line: string) => void): string | undefined {
  const found = findPython();
  if (found || process.env.SOTTO_PYTHON) return found;
  aptInstall('python3-pycryptodome', ['python3', 'python3-pycryptodome'], say);
  return findPython();
}

const hasModule = (path: string): boolean => spawnSync(path, ['-c', 'import Cryptodome']).status === 0;
