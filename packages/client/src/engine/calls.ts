import { proveRequest, randomBytes, type SigningKey, sha256 } from '@sotto/crypto';
import {
  type AccountId,
  type DeviceId,
  formatProof,
  parseValue,
  REFUSALS,
  type Refusal,
  type RefusalCode,
  RefusalSchema,
  toBase64Url,
  utf8,
} from '@sotto/protocol';
import { ClientError } from '../error.ts';
import type { Clock, HttpRequest, HttpResponse, Transport } from '../seams/index.ts';

type Schema<T> = Parameters<typeof parseValue<T>>[0];
type Method = HttpRequest['method'];

/** The server said no, with its reason and what belongs to it. */
class Refused extends ClientError {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code in REFUSALS ? (refusal.code as RefusalCode) : 'bad_answer', {
      message: refusal.message,
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

  /** Milliseconds since 1970 by the server's clock, as far as known. */
  serverTime(): number {
    return this.#clock.now() + this.#offset;
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
    else if (code === 'rate_limited') await this.#pause(wait ?? 1_000);
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
    const nonce = randomBytes(16);
    const { account, device, signing } = this.#device;
    const time = Math.max(0, Math.round(this.serverTime()));
    const signature = await proveRequest(
      {
        origin: this.#transport.origin,
        method,
        path,
        time,
        nonce,
        bodyHash: await sha256(utf8(text)),
        account,
        device,
      },
      signing,
    );
    return formatProof({
      account,
      device,
      time,
      nonce: toBase64Url(nonce),
      signature: toBase64Url(signature),
    });
  }
}
