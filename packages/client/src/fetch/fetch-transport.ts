import { PROOF_HEADER, SOCKET_PATH } from '@sotto/protocol';
import { ClientError } from '../error.ts';
import type { HttpRequest, HttpResponse, Transport } from '../seams/transport.ts';
import { openSocket } from './socket.ts';

/** Milliseconds until a request without an answer counts as unreachable. */
const REQUEST_TIMEOUT = 30_000;

/**
 * The way to the server over the platform's own `fetch` and `WebSocket`; browsers and Node both have them.
 * @param origin scheme, host and port of the server
 */
export function fetchTransport(origin: string): Transport {
  const base = new URL(origin);
  if (base.origin !== origin || !/^https?:$/.test(base.protocol)) {
    throw new TypeError(`origin: expected http(s)://host[:port] without a path, got ${origin}`);
  }
  const socketUrl = new URL(SOCKET_PATH, base);
  socketUrl.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    origin,
    request: (request) => exchange(origin, request),
    connect: (handlers) => openSocket(socketUrl.href, handlers),
  };
}

async function exchange(origin: string, request: HttpRequest): Promise<HttpResponse> {
  const url = new URL(request.path, origin);
  // D5: a proof is made for one origin; `//elsewhere` as a path must not carry it away.
  if (url.origin !== origin) throw new TypeError(`path: expected one on ${origin}, got ${request.path}`);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (request.proof !== undefined) headers[PROOF_HEADER] = request.proof;
  try {
    const response = await fetch(url, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      cache: 'no-store',
      // D5: no bearer token exists, so there is nothing for the browser to add.
      credentials: 'omit',
      // A redirect would take the proof to an address it was not made for.
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
    });
    return { status: response.status, json: parseJson(await response.text()) };
  } catch (cause) {
    throw new ClientError('unreachable', { cause });
  }
}

/** @returns undefined where the text is not JSON, such as a proxy's error page */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The transport does not judge what it carries; the caller refuses what it does not understand.
    return undefined;
  }
}
