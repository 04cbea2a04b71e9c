import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileSettings, withDefaultFiles } from './files/settings.ts';
import { type Rates, withDefaultRates } from './limits/rates.ts';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

export interface ServerConfig {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** Holds the database; made where it is missing. */
  readonly dataDir: string;
  /** Addresses people open (scheme, host, port). Read at every use: what is pushed later counts. */
  readonly origins: readonly string[];
  /** Shown to people before they sign up. */
  readonly name: string;
  readonly registration: 'open' | 'closed';
  /** Whom a person can find: everyone here, or those in a room with them. */
  readonly directory: 'all' | 'rooms';
  readonly logLevel: LogLevel;
  /** The built web app. */
  readonly webDir: string;
  /** Take address and scheme from the reverse proxy's X-Forwarded headers. */
  readonly trustProxy: boolean;
  /** Port of `/metrics` on the loopback address; null: none. */
  readonly metricsPort: number | null;
  readonly files: FileSettings;
  readonly rates: Rates;
  /** Where log lines go; standard output where absent. */
  readonly logTo?: { write(line: string): void };
}

export type ServerOptions = Partial<Omit<ServerConfig, 'rates' | 'files'>> & {
  readonly rates?: Partial<Rates>;
  readonly files?: Partial<FileSettings>;
};

/** Fills in what is not said. The origins stay the caller's own array. */
export function withDefaults(options: ServerOptions): ServerConfig {
  return {
    port: 8080,
    host: '127.0.0.1',
    dataDir: './data',
    origins: [],
    name: 'Sotto',
    registration: 'open',
    directory: 'all',
    logLevel: 'warn',
    webDir: resolve(fileURLToPath(import.meta.url), '../../../web/dist'),
    trustProxy: false,
    metricsPort: null,
    ...options,
    files: withDefaultFiles(options.files ?? {}),
    rates: withDefaultRates(options.rates ?? {}),
  };
}
