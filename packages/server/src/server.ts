import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { tellAudience } from './accounts/directory.ts';
import { Passwords } from './accounts/passwords.ts';
import { WorkGate } from './accounts/work.ts';
import { createInProcessBus } from './bus/in-process.ts';
import { forwardClock } from './clock.ts';
import { type ServerConfig, type ServerOptions, withDefaults } from './config.ts';
import { DeviceLists } from './devices/lists.ts';
import { openFiles } from './files/open.ts';
import { createApp } from './http/app.ts';
import { limitBodies } from './http/deadline.ts';
import { Nonces } from './http/nonces.ts';
import { Limiter } from './limits/limiter.ts';
import { Journal } from './log/journal.ts';
import { createLog } from './operations/log.ts';
import { Metrics } from './operations/metrics.ts';
import { type MetricsPort, openMetricsPort } from './operations/metrics-port.ts';
import { Origins } from './origins.ts';
import { LastSeen } from './realtime/last-seen.ts';
import { Presence } from './realtime/presence.ts';
import { PresenceNews } from './realtime/presence-news.ts';
import { openSockets } from './realtime/sockets.ts';
import { openDesk } from './rooms/requests.ts';
import type { Service } from './service.ts';
import { openStore } from './store/open.ts';

export interface RunningServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** Of `/metrics` on the loopback address, where asked for. */
  readonly metricsPort: number | null;
  /** Says goodbye to everyone, finishes what is being committed, and lets go of the store. */
  close(): Promise<void>;
}

/** Starts a delivery service. Resolves when it listens; rejects with the system's error where it cannot. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const config = withDefaults(options);
  const state = { closing: false };
  const service = await assemble(config, () => state.closing);
  const server = createServer(
    {
      requestTimeout: 0,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 5_000, // by itself Node looks for late heads every 30 seconds only
      keepAliveTimeout: 10_000,
      maxHeaderSize: 16_384,
    },
    getRequestListener(createApp(service).fetch, { overrideGlobalObjects: false }),
  );
  limitBodies(server);
  const sockets = openSockets(service, server);
  let metricsPort: MetricsPort | undefined;
  try {
    await listen(server, config);
    if (config.metricsPort !== null) {
      const onError = (error: unknown) => service.log.error({ err: error }, 'metrics failed');
      metricsPort = await openMetricsPort(service.metrics, config.metricsPort, onError);
    }
  } catch (error) {
    server.close();
    await service.files.close();
    await service.store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  service.origins.port = port;
  let closed: Promise<void> | undefined;
  const close = async () => {
    state.closing = true;
    service.desk.close();
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    await service.journal.drain(); // D2: what was taken is finished and acknowledged
    await service.files.close(); // transfers break here, and go on after a restart
    await sockets.close();
    server.closeIdleConnections();
    const cut = setTimeout(() => server.closeAllConnections(), 1_000);
    await stopped;
    clearTimeout(cut);
    await service.journal.drain();
    service.presence.close();
    await service.lastSeen.drain();
    await service.bus.close();
    await metricsPort?.close();
    service.metrics.close();
    await service.store.close();
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    metricsPort: metricsPort?.port ?? null,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

async function assemble(config: ServerConfig, closing: () => boolean): Promise<Service> {
  const now = forwardClock();
  const log = createLog(config);
  const onError = (error: unknown) => log.error({ err: error }, 'an unexpected failure');
  const store = await openStore(config, { onError, alone: true });
  const bus = createInProcessBus(onError);
  const metrics = new Metrics();
  const onCommit = metrics.committed.bind(metrics);
  const journal = new Journal({ store, bus, now, onError, onCommit });
  metrics.gauge('sotto_queue_messages', 'Messages that wait for a commit.', () => journal.waiting);
  const lists = new DeviceLists(store);
  const parts = { config, store, lists, bus, now, log, closing, metrics };
  const news = new PresenceNews((people) => {
    if (closing()) return; // everybody is being sent away
    if (config.directory === 'all') {
      bus.publish('everyone', { type: 'frame', frame: { t: 'presence', people } });
      return;
    }
    for (const person of people) {
      tellAudience(parts, person.account, { t: 'presence', people: [person] }).catch(onError);
    }
  });
  const presence = new Presence({
    now,
    keep: (account, time) => store.accounts.setSeen(account, time),
    tell: (change) => news.add(change),
  });
  return {
    ...parts,
    presence,
    desk: openDesk({ ...parts, presence }, onError),
    limiter: new Limiter(config.rates, now),
    nonces: await Nonces.open(store, now),
    lastSeen: new LastSeen(store, onError),
    origins: new Origins(config.origins, config.trustProxy),
    journal,
    files: await openFiles({ config, store, metrics, now, onError }),
    passwords: await Passwords.open(store, now),
    work: new WorkGate(now),
  };
}

function listen(server: Server, { port, host }: ServerConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
