import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { type Bytes, utf8 } from '@sotto/protocol';
import type { Context, Hono } from 'hono';
import { addressOf } from '../limits/address.ts';
import type { RateKind } from '../limits/rates.ts';
import type { Service } from '../service.ts';
import { parseBody, readBody, type Schema } from './body.ts';
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

/** Registers endpoints: limits first, then proof, then form, then the deed (D7). */
export class Endpoints {
  readonly #app: App;
  readonly #service: Service;
  readonly #proofs: Proofs;

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
      const bytes = await readBody(context.req.raw, shape.limit ?? 0);
      return handle(parse(shape, bytes), asked);
    });
  }

  /** For a device that signed the request (D5); `rate` counts per device, besides the common one. */
  signed<T = undefined>(
    shape: Shape<T> & { readonly rate?: RateKind },
    handle: (signer: Signer, body: T, asked: Asked) => Promise<unknown>,
  ): void {
    this.#register(shape, async (context, asked) => {
      const { incoming } = context.env;
      const claimed = await this.#proofs.claim(incoming);
      const bytes = await readBody(context.req.raw, shape.limit ?? 0);
      const signer = await this.#proofs.verify(claimed, incoming, bytes);
      const device = `${signer.account}.${signer.device}`;
      this.#service.limiter.demand('signed', device);
      if (shape.rate) this.#service.limiter.demand(shape.rate, device);
      return handle(signer, parse(shape, bytes), asked);
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
      const signer = await this.#proofs.verify(await this.#proofs.claim(incoming), incoming, utf8(''));
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

function parse<T>(shape: Shape<T>, bytes: Bytes): T {
  // Without a schema there is nothing to hand on: T is undefined then.
  return shape.body ? parseBody(shape.body, bytes) : (undefined as T);
}
