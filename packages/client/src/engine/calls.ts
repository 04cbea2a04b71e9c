import { proofHeader, type SigningKey } from '@sotto/crypto';
import {
  type AccountId,
  type DeviceId,
  type Info,
  InfoSchema,
  isRefusalCode,
  LIMITS,
  PATHS,
  parseValue,
  type Refusal,
  RefusalSchema,
} from '@sotto/protocol';
import { ClientError } from '../error.ts';
import type { Clock, HttpRequest, HttpResponse, Transport } from '../seams/index.ts';

type Schema<T> = Parameters<typeof parseValue<T>>[0];
type Method = HttpRequest['method'];

/** The server said no, with its reason and what belongs to it. */
export class Refused extends ClientError {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(isRefusalCode(refusal.code) ? refusal.code : 'bad_answer', {
      message: refusal.message,
      flaw: refusal.flaw,
    });
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

/** @throws ClientError with the server's refusal */
export function readAnswer<T>(answer: HttpResponse, schema: Schema<T> | null): T {
  if (answer.status >= 200 && answer.status < 300) {
    if (schema === null) return undefined as T;
    const parsed = parseValue(schema, answer.json);
    if (parsed.ok) return parsed.value;
    throw new ClientError('bad_answer', { message: `The server's answer is malformed: ${parsed.reason}` });
  }
  const refusal = parseValue(RefusalSchema, answer.json);
  if (refusal.ok) throw new Refused(refusal.value);
  throw new ClientError(answer.status >= 500 ? 'unreachable' : 'bad_answer');
}

/** A request that needs no proof. */
export async function callOpen<T>(
  transport: Transport,
  method: Method,
  path: string,
  schema: Schema<T> | null,
  body?: unknown,
): Promise<T> {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return readAnswer(await transport.request({ method, path, ...text }), schema);
}

/** What the server says of itself now. @throws ClientError 'unreachable' */
export const askInfo = (transport: Transport): Promise<Info> =>
  callOpen(transport, 'GET', PATHS.info, InfoSchema);

/** D5: requests signed by the device one by one. The server's clock counts; its offset is learnt. */
export class SignedCalls {
  #offset = 0;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #device: { account: AccountId; device: DeviceId; signing: SigningKey };

  constructor(
    transport: Transport,
    clock: Clock,
    device: { account: AccountId; device: DeviceId; signing: SigningKey },
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#device = device;
  }

  /**
   * What the server's clock says, as far as known, in whole milliseconds since 1970: what this device dates and whose
   * lifetime it looks at go by it, however wrong its own clock is.
   * @param at by this device's clock; now
   */
  serverTime(at = this.#clock.now()): number {
    return Math.min(LIMITS.time, Math.max(0, Math.round(at + this.#offset)));
  }

  learnTime(time: number): void {
    this.#offset = time - this.#clock.now();
  }

  get<T>(path: string, schema: Schema<T>): Promise<T> {
    return this.#call('GET', path, schema, undefined);
  }

  post<T>(path: string, body: unknown, schema: Schema<T> | null): Promise<T> {
    return this.#call('POST', path, schema, body);
  }

  put(path: string, body: unknown): Promise<void> {
    return this.#call<void>('PUT', path, null, body);
  }

  delete(path: string): Promise<void> {
    return this.#call<void>('DELETE', path, null, undefined);
  }

  async #call<T>(method: Method, path: string, schema: Schema<T> | null, body: unknown): Promise<T> {
    try {
      return await this.#once(method, path, schema, body);
    } catch (error) {
      if (!(await this.heeds(error))) throw error;
      return this.#once(method, path, schema, body);
    }
  }

  /** True where the same request may be made once more now: the clock was learnt, or the wait that was asked for is over. */
  async heeds(error: unknown): Promise<boolean> {
    if (!(error instanceof Refused)) return false;
    const { code, time, wait } = error.refusal;
    if (code === 'clock' && time !== undefined) this.learnTime(time);
    else if (code === 'rate_limited' || (code === 'busy' && wait !== undefined))
      await this.#pause(wait ?? 1_000);
    else if (code !== 'replayed') return false;
    return true;
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(Math.min(milliseconds, 60_000), resolve));
  }

  async #once<T>(method: Method, path: string, schema: Schema<T> | null, body: unknown): Promise<T> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = await this.#transport.request({
      method,
      path,
      proof: await this.prove(method, path, text),
      ...(body === undefined ? {} : { body: text }),
    });
    return readAnswer(answer, schema);
  }

  /** The proof header of one request that somebody else sends, such as an upload's. */
  async prove(method: string, path: string, text = ''): Promise<string> {
    const { account, device, signing } = this.#device;
    const time = this.serverTime();
    const { origin } = this.#transport;
    return proofHeader({ origin, method, path, time, account, device }, text, signing);
  }
}
