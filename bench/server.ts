/**
 * The real server with its rate limits lifted: one device sends what fifty would. Arguments: data folder, directory;
 * `limits` leaves the limits as they are.
 */
import { startServer } from '@sotto/server';

const boundless = { burst: 1e9, perSecond: 1e9 };
const server = await startServer({
  port: 0,
  host: '127.0.0.1',
  dataDir: process.argv[2] ?? './data',
  logLevel: 'error',
  directory: process.argv[3] === 'rooms' ? 'rooms' : 'all',
  rates:
    process.argv[4] === 'limits'
      ? {}
      : {
          sends: boundless,
          registrations: boundless,
          requests: boundless,
          lists: boundless,
          signed: boundless,
          epochs: boundless,
          signals: boundless,
          refusals: boundless,
          sockets: 1e6,
          newcomers: { address: 1e6, all: 1e6 },
        },
});
process.stdout.write(`${server.origin}\n`);
process.once('SIGTERM', () => {
  server.close().then(() => process.exit(0));
});
