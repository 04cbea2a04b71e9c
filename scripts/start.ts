/** `npm start`: the web application, built where needed, and the server, on one port. */
import { buildWebIfStale, isStale } from './web-bundle.ts';

endWithNpm(); // first: whoever is told to end while the page is built is not there any more
if (isStale()) {
  process.stdout.write('Building the web application …\n');
  buildWebIfStale();
}
await import('../packages/server/src/main.ts');

/** npm hands a signal to the shell between itself and this program, which dies of it and hands nothing on. */
function endWithNpm(): void {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== 'start') return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 200);
  timer.unref();
}
