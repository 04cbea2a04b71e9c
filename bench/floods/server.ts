/**
 * The real server with its real limits, behind a proxy that says who asks: so that a flood comes from many addresses.
 * Arguments: data folder; `unlimited` where one limit would end the flood at once and what is behind it is of interest.
 */
import { startServer } from '@sotto/server';

const boundless = { burst: 1e9, perSecond: 1e9 };
const server = await startServer({
  port: 0,
  host: '127.0.0.1',
  dataDir: process.argv[2] ?? './data',
  logLevel: 'error',
  trustProxy: true,
  rates: process.argv[3] === 'unlimited' ? { sends: boundless, signals: boundless, refusals: boundless } : {},
});
process.stdout.write(`${server.origin}\n`);
process.once('SIGTERM', () => {
  server.close().then(() => process.exit(0));
});
