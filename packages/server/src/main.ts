import { renderUnicodeCompact } from 'uqr';
import { ConfigError, readEnvironment } from './environment.ts';
import { type RunningServer, startServer } from './server.ts';
import { StoreError } from './store/error.ts';

try {
  const config = readEnvironment(process.env);
  const server = await startServer(config);
  const [address = `http://localhost:${server.port}`] = config.origins ?? [];
  process.stdout.write(greeting(address));
  closeOnSignal(server);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

function greeting(address: string): string {
  const lines = [`\n  Sotto is ready: ${address}\n`];
  lines.push(renderUnicodeCompact(address));
  if (!address.startsWith('https:')) {
    lines.push(
      '\n  Other machines need HTTPS: put a reverse proxy with a certificate in front and set SOTTO_ORIGIN to its address.',
    );
  }
  return `${lines.join('\n')}\n\n`;
}

function closeOnSignal(server: RunningServer): void {
  const close = () => {
    server.close().then(
      () => {
        process.stdout.write('Sotto has stopped.\n');
        process.exit(0);
      },
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', close);
  process.once('SIGTERM', close);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreError) return error.message;
  const { code, port, path } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program. Stop that one, or set SOTTO_PORT to a free port.`;
  }
  if (code === 'EACCES' && port !== undefined) {
    return `Port ${port} needs more rights than this user has. Set SOTTO_PORT to one above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return 'SOTTO_HOST: expected an address of this machine, such as 127.0.0.1 or 0.0.0.0.';
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR') {
    return `SOTTO_DATA: ${path ?? 'the folder'} cannot be written. Choose a folder in which this user may write.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
