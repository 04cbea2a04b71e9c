/** The delivery service: carries, orders and keeps only ciphertext. */
export type { LogLevel, ServerConfig, ServerOptions } from './config.ts';
export { ConfigError, readEnvironment } from './environment.ts';
export type { Rate, Rates } from './limits/rates.ts';
export { type RunningServer, startServer } from './server.ts';
