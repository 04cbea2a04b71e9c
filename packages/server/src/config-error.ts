/** The environment asks for something impossible; the message names the variable and says what it takes. */
export class ConfigError extends Error {
  readonly code = 'config';
  constructor(variable: string, expected: string, value: string) {
    super(`${variable}: expected ${expected}, got "${value}".`);
    this.name = 'ConfigError';
  }
}
