import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { type Bytes, equalBytes, utf8 } from '@sotto/protocol';
import type { Context, Hono } from 'hono';
import { sha256 } from '../digest.ts';
import { addressOf } from '../limits/address.ts';
import { HeldBytes } from '../limits/held.ts';
import type { RateKind } from '../limits/rates.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { parseBody, type Schema, withBody } from './body.ts';
import { Proofs, type Signer } from './proofs.ts';
import { json } from './respond.ts';

export type Env = { Bindings: HttpBindings; Variables: { route: string } };
export type App = Hono<Env>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What an endpoint gets besides its body. */
export interface Asked {
  readonly address: string;
  readonly incoming: IncomingMessage;
  param(name: string): string;
  query(name: string): string | undefined;
}

interface Shape<T> {
  readonly method: Method;
  /** Pattern with `:names`; the only form of a path that is ever logged. */
  readonly path: string;
  readonly body?: Schema<T>;
  /** Largest body in bytes. */
  readonly limit?: number;
  readonly status?: number;
}

/** Attack 51: bytes of bodies in memory, each counted for the address it comes from. */
const OPEN_BODIES = { each: 524_288, all: 8_388_608 };
/** Of devices that proved who they are, each counted for its account: two of the largest. */
const SIGNED_BODIES = { each: 8_388_608, all: 67_108_864 };
/** Milliseconds for a body: kilobytes of anybody, megabytes of a device. */
const OPEN_TIME = 10_000;
const SIGNED_TIME = 30_000;

/** Registers endpoints: limits first, then proof, then the body and its form, then the deed (D7). */
export class Endpoints {
  readonly #app: App;
  readonly #service: Service;
  readonly #proofs: Proofs;
  readonly #openBodies = new HeldBytes(OPEN_BODIES);
  readonly #signedBodies = new HeldBytes(SIGNED_BODIES);

  constructor(app: App, service: Service) {
    this.#app = app;
    this.#service = service;
    this.#proofs = new Proofs(service);
  }

  /** For anybody; `rate` counts per address. */
  open<T = undefined>(
    shape: Shape<T> & { readonly rate?: RateKind },
    handle: (body: T, asked: Asked) => Promise<unknown>,
  ): void {
    this.#register(shape, async (context, asked) => {
      if (shape.rate) this.#service.limiter.demand(shape.rate, asked.address);
      const { limit = 0 } = shape;
      const terms = { held: this.#openBodies, who: asked.address, limit, time: OPEN_TIME };
      return withBody(context.env.incoming, terms, (bytes) => handle(parse(shape, bytes), asked));
    });
  }

  /**
   * For a device that signed the request (D5); `rate` counts per device, besides the common one. Attack 51: not a byte of
   * the body is read before the signature over its hash is good.
   */
  signed<T = undefined>(
    shape: Shape<T> & { readonly rate?: RateKind },
    handle: (signer: Signer, body: T, asked: Asked) => Promise<unknown>,
  ): void {
    this.#register(shape, async (context, asked) => {
      const { incoming } = context.env;
      const { bodyHash, ...signer } = await this.#proofs.verify(incoming);
      const device = `${signer.account}.${signer.device}`;
      this.#service.limiter.demand('signed', device);
      if (shape.rate) this.#service.limiter.demand(shape.rate, device);
      const { limit = 0 } = shape;
      const terms = { held: this.#signedBodies, who: signer.account, limit, time: SIGNED_TIME };
      return withBody(incoming, terms, (bytes) => {
        demandHash(bytes, bodyHash);
        return handle(signer, parse(shape, bytes), asked);
      });
    });
  }

  /** As `signed`, for bodies that come or go as streams: the proof covers an empty one, and `handle` makes the answer. */
  streamed(
    shape: Pick<Shape<undefined>, 'method' | 'path'>,
    handle: (signer: Signer, asked: Asked & { readonly outgoing: ServerResponse }) => Promise<Response>,
  ): void {
    this.#app.on(shape.method, shape.path, async (context) => {
      const { incoming, outgoing } = context.env;
      const asked = this.#enter(context, shape.path);
      const { bodyHash, ...signer } = await this.#proofs.verify(incoming);
      demandHash(utf8(''), bodyHash);
      this.#service.limiter.demand('signed', `${signer.account}.${signer.device}`);
      return handle(signer, { ...asked, outgoing });
    });
  }

  /** Attack 37: counts the request before anything else. */
  #enter(context: Context<Env>, path: string): Asked {
    context.set('route', path);
    const address = addressOf(context.env.incoming, this.#service.config.trustProxy);
    this.#service.limiter.demand('requests', address);
    return {
      address,
      incoming: context.env.incoming,
      param: (name) => context.req.param(name) ?? '',
      query: (name) => context.req.query(name),
    };
  }

  #register(
    shape: Shape<never> | Shape<unknown>,
    handle: (context: Context<Env>, asked: Asked) => Promise<unknown>,
  ): void {
    this.#app.on(shape.method, shape.path, async (context) => {
      const asked = this.#enter(context, shape.path);
      return json(shape.status ?? 200, (await handle(context, asked)) ?? {});
    });
  }
}

/** D5: what came is what the device signed. @throws Refused 'unauthenticated' */
function demandHash(body: Bytes, hash: Bytes): void {
  if (equalBytes(sha256(body), hash)) return;
  throw new Refused('unauthenticated', 'The body is not the one that the device signed.');
}

function parse<T>(shape: Shape<T>, bytes: Bytes): T {
  // Without a schema there is nothing to hand on: T is undefined then.
  return shape.body ? parseBody(shape.body, bytes) : (undefined as T);
}
