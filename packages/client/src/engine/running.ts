/** One account's engine, loaded when there is an account. */
export { EngineCore } from './core.ts';
export { SottoEngine } from './engine.ts';
