/** `npm start`: the web application, built where needed, and the server, on one port. */
import { buildWebIfStale, isStale } from './web-bundle.ts';

if (isStale()) {
  process.stdout.write('Building the web application …\n');
  buildWebIfStale();
}
await import('../packages/server/src/main.ts');
