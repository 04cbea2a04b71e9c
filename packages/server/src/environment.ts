import type { LogLevel, ServerOptions } from './config.ts';
import { ConfigError } from './config-error.ts';
import { readFileSettings } from './files/environment.ts';

export { ConfigError };

type Environment = Readonly<Record<string, string | undefined>>;

/** The server's settings from SOTTO_… variables. @throws ConfigError naming the variable */
export function readEnvironment(env: Environment): ServerOptions {
  const webDir = env.SOTTO_WEB;
  return {
    port: readPort('SOTTO_PORT', env.SOTTO_PORT) ?? 8080,
    metricsPort: readPort('SOTTO_METRICS_PORT', env.SOTTO_METRICS_PORT),
    host: env.SOTTO_HOST || '0.0.0.0',
    dataDir: env.SOTTO_DATA || './data',
    origins: readOrigins(env.SOTTO_ORIGIN),
    name: readName(env.SOTTO_NAME),
    registration: choose(env, 'SOTTO_REGISTRATION', ['open', 'closed']),
    directory: choose(env, 'SOTTO_DIRECTORY', ['all', 'rooms']),
    logLevel: choose<LogLevel>(env, 'SOTTO_LOG', ['info', 'silent', 'error', 'warn', 'debug']),
    trustProxy:
      choose(env, 'SOTTO_TRUST_PROXY', ['no', 'yes', '0', '1', 'false', 'true']).match(/^[y1t]/) !== null,
    files: readFileSettings(env),
    ...(webDir ? { webDir } : {}),
  };
}

function readPort(variable: string, text: string | undefined): number | null {
  if (!text) return null;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new ConfigError(variable, 'a port from 0 (any free one) to 65535', text);
}

function readName(text: string | undefined): string {
  const name = text?.trim() || 'Sotto';
  if ([...name].length <= 60) return name;
  throw new ConfigError('SOTTO_NAME', 'at most 60 characters', name);
}

/** Comma-separated; each is scheme, host and port, nothing after. */
function readOrigins(text: string | undefined): string[] {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '').map(readOrigin);
}

function readOrigin(text: string): string {
  const expected = 'addresses such as https://chat.example.org, separated by commas';
  if (!URL.canParse(text)) throw new ConfigError('SOTTO_ORIGIN', expected, text);
  const url = new URL(text);
  const plain = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!plain || !/^https?:$/.test(url.protocol)) throw new ConfigError('SOTTO_ORIGIN', expected, text);
  return url.origin;
}

/** The first choice is the default. */
function choose<T extends string>(env: Environment, variable: string, choices: readonly [T, ...T[]]): T {
  const text = env[variable];
  if (!text) return choices[0];
  const chosen = choices.find((choice) => choice === text.toLowerCase());
  if (chosen) return chosen;
  throw new ConfigError(variable, `one of ${choices.join(', ')}`, text);
}
