/** The way to the server. Implementations know nothing of what they carry. */
export interface Transport {
  /** The origin this client dials, as it goes into signatures (D5): scheme, host and port. */
  readonly origin: string;
  /** One request with a JSON body. @throws ClientError 'unreachable' where no answer came */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Opens the WebSocket. Never throws: failures arrive as `onClose`. Exactly one `onClose` per call. */
  connect(handlers: SocketHandlers): Socket;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with query. */
  readonly path: string;
  /** Exact body text, as its hash went into the proof. */
  readonly body?: string;
  readonly proof?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Parsed JSON, or undefined where the body was none. */
  readonly json: unknown;
}

export interface SocketHandlers {
  onFrame(text: string): void;
  onClose(code: number, reason: string): void;
}

export interface Socket {
  /** Dropped silently where the socket is no longer open: `onClose` says so. */
  send(text: string): void;
  close(): void;
}
