import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Running, watchServer } from '../processes.ts';
import type { Absent } from './peer.ts';

/** Debian's packages belong to Debian's Python; another one may come first in the path. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** @returns why not, where Flask-SocketIO or eventlet is not installed */
export async function startFlask(): Promise<Running | Absent> {
  const python = PYTHONS.find(hasFlask);
  if (!python) return { absent: 'needs the packages python3-flask-socketio and python3-eventlet' };
  const file = join(import.meta.dirname, 'flask_socketio_server.py');
  return watchServer(spawn(python, ['-W', 'ignore', file], { stdio: ['ignore', 'pipe', 'inherit'] }), file);
}

function hasFlask(python: string): boolean {
  try {
    execFileSync(python, ['-W', 'ignore', '-c', 'import flask_socketio, eventlet'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // no such Python, or it lacks them: both mean "not here"
  }
}
