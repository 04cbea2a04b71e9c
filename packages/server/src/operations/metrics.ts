import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RefusalCode } from '@sotto/protocol';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is counted; numbers only, never about whom. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  readonly #appends = this.#counter('sotto_appends_total', 'Messages stored.');
  readonly #deliveries = this.#counter('sotto_deliveries_total', 'Entries given to connections.');
  readonly #slow = this.#counter(
    'sotto_slow_readers_total',
    'Connections cut off because they did not read.',
  );
  readonly #uploads = this.#counter('sotto_uploads_total', 'Uploads finished.');
  readonly #received = this.#counter('sotto_upload_bytes_total', 'Bytes of files taken in.');
  readonly #sent = this.#counter('sotto_download_bytes_total', 'Bytes of files given out.');
  readonly #refusals = new Counter({
    name: 'sotto_refusals_total',
    help: 'Requests and frames refused.',
    labelNames: ['code'],
    registers: [this.#registry],
  });
  readonly #commitTime = new Histogram({
    name: 'sotto_commit_seconds',
    help: 'Time of one group commit, to the disk and back.',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
    registers: [this.#registry],
  });
  readonly #batch = new Histogram({
    name: 'sotto_commit_messages',
    help: 'Messages in one group commit.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    registers: [this.#registry],
  });

  constructor() {
    this.#delay.enable();
    for (const [part, name] of [
      [50, 'p50'],
      [99, 'p99'],
    ] as const) {
      const help = 'Delay of the event loop since the last reading, milliseconds.';
      this.gauge(`sotto_event_loop_delay_${name}_ms`, help, () => this.#delay.percentile(part) / 1e6);
    }
    const memory = 'Resident memory of the process.';
    this.gauge('process_resident_memory_bytes', memory, () => process.memoryUsage.rss());
    const cpu = 'Processor time of the process, user and system.';
    this.gauge('process_cpu_seconds_total', cpu, () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    });
  }

  /** A number that is asked for when somebody reads. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  committed(messages: number, milliseconds: number): void {
    this.#appends.inc(messages);
    this.#batch.observe(messages);
    this.#commitTime.observe(milliseconds / 1_000);
  }

  delivered(entries: number): void {
    this.#deliveries.inc(entries);
  }

  cutOff(): void {
    this.#slow.inc();
  }

  uploaded(): void {
    this.#uploads.inc();
  }

  /** Bytes of files that came in. */
  received(bytes: number): void {
    this.#received.inc(bytes);
  }

  /** Bytes of files that went out. */
  sent(bytes: number): void {
    this.#sent.inc(bytes);
  }

  refused(code: RefusalCode): void {
    this.#refusals.inc({ code });
  }

  /** In the text format of Prometheus. */
  async read(): Promise<string> {
    const text = await this.#registry.metrics();
    this.#delay.reset();
    return text;
  }

  close(): void {
    this.#delay.disable();
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.#registry] });
  }
}
