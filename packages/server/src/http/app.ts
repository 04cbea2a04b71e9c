import { type Info, PATHS, SUITE } from '@sotto/protocol';
import { Hono } from 'hono';
import manifest from '../../package.json' with { type: 'json' };
import { readHealth } from '../operations/health.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { type App, Endpoints, type Env } from './endpoint.ts';
import { securityHeaders } from './headers.ts';
import { failure, json } from './respond.ts';
import { accountRoutes } from './routes/accounts.ts';
import { archiveRoutes } from './routes/archive.ts';
import { deviceRoutes } from './routes/devices.ts';
import { fileRoutes } from './routes/files.ts';
import { roomRoutes } from './routes/rooms.ts';
import { serveStatic } from './static.ts';

/** The HTTP side (D6). */
export function createApp(service: Service): App {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    const start = performance.now();
    await next();
    for (const [name, value] of Object.entries(securityHeaders(context.req.path)))
      context.header(name, value);
    service.log.info(
      {
        method: context.req.method,
        route: context.get('route') ?? 'none',
        status: context.res.status,
        ms: Math.round((performance.now() - start) * 10) / 10,
      },
      'request',
    );
  });
  app.onError((error) => failure(service, error));

  const endpoints = new Endpoints(app, service);
  endpoints.open({ method: 'GET', path: PATHS.info }, async () => info(service));
  for (const path of ['/api/health', '/readyz']) {
    app.get(path, async (context) => {
      context.set('route', path);
      const { status, body } = await readHealth(service);
      return json(status, body);
    });
  }
  app.get('/healthz', (context) => {
    context.set('route', '/healthz'); // the process answers; whether it takes work says /readyz
    return json(200, { status: 'alive' });
  });
  accountRoutes(endpoints, service);
  archiveRoutes(endpoints, service);
  deviceRoutes(endpoints, service);
  roomRoutes(endpoints, service);
  fileRoutes(endpoints, service);
  app.all('/api/*', () =>
    failure(service, new Refused('not_found', 'There is no such address in the interface.')),
  );
  app.get('*', (context) => {
    context.set('route', 'static');
    return serveStatic(service.config.webDir, context.req.raw);
  });
  app.all('*', () => failure(service, new Refused('not_found')));
  return app;
}

function info({ config, now }: Service): Info {
  const { name, registration, directory } = config;
  return {
    name,
    version: manifest.version,
    suite: SUITE,
    time: now(),
    registration,
    directory,
    fileLimit: config.files.limit,
  };
}
