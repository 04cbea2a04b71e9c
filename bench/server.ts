/** The real server with its rate limits lifted: one device sends what fifty would. First argument: data folder. */
import { startServer } from '@sotto/server';

const boundless = { burst: 1e9, perSecond: 1e9 };
const { origin } = await startServer({
  port: 0,
  host: '127.0.0.1',
  dataDir: process.argv[2] ?? './data',
  logLevel: 'error',
  rates: { sends: boundless, registrations: boundless, requests: boundless },
});
process.stdout.write(`${origin}\n`);
