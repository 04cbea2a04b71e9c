import type { IncomingMessage } from 'node:http';

/** D5: the addresses a device may have dialled. Configured ones are read live; loopback always counts. */
export class Origins {
  readonly #configured: readonly string[];
  readonly #trustProxy: boolean;
  /** Known once the server listens. */
  port = 0;

  constructor(configured: readonly string[], trustProxy: boolean) {
    this.#configured = configured;
    this.#trustProxy = trustProxy;
  }

  accepted(): readonly string[] {
    return [...this.#configured, `http://localhost:${this.port}`, `http://127.0.0.1:${this.port}`];
  }

  accepts(origin: string): boolean {
    return this.accepted().includes(origin);
  }

  /**
   * Accepted origins, the likeliest for this request first; a proof over any of them is good, since each
   * is this server. `dialled` says whether the address the request came in by is one of them.
   */
  candidates(incoming: IncomingMessage): { origins: readonly string[]; dialled: boolean } {
    const { host, origin } = incoming.headers;
    const proto = this.#trustProxy ? incoming.headers['x-forwarded-proto'] : undefined;
    const schemes = proto === 'https' ? ['https', 'http'] : ['http', 'https'];
    const likely = [origin, ...schemes.map((scheme) => `${scheme}://${host?.toLowerCase()}`)];
    const accepted = this.accepted();
    const first = likely.filter((candidate) => candidate !== undefined && accepted.includes(candidate));
    return { origins: [...new Set([...first, ...accepted])] as string[], dialled: first.length > 0 };
  }
}
