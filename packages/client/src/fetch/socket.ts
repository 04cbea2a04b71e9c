import type { Socket, SocketHandlers } from '../seams/transport.ts';

/** Milliseconds for the connection to open. */
const OPENING_TIMEOUT = 30_000;
/** Milliseconds for the closing handshake; a dead network never answers it. */
const CLOSING_TIMEOUT = 3_000;

/** Close codes of RFC 6455, section 7.4.1, for what never reached the wire. */
const ABNORMAL = 1006;
const UNSUPPORTED = 1003;

/** Opens a WebSocket for text frames. Never throws; `onClose` comes exactly once, and no frame after it. */
export function openSocket(url: string, handlers: SocketHandlers): Socket {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let state: 'live' | 'closing' | 'closed' = 'live';

  const settle = (code: number, reason: string) => {
    if (state === 'closed') return;
    state = 'closed';
    clearTimeout(timer);
    handlers.onClose(code, reason);
  };
  const close = (code: number, reason: string) => {
    if (state !== 'live') return;
    state = 'closing';
    clearTimeout(timer);
    timer = setTimeout(() => settle(code, reason), CLOSING_TIMEOUT);
    socket?.close();
  };

  timer = setTimeout(() => close(ABNORMAL, 'The server did not answer in time.'), OPENING_TIMEOUT);
  try {
    socket = new WebSocket(url);
  } catch (error) {
    // Reported later, as every other failure is: the caller has no socket in hand yet.
    queueMicrotask(() => settle(ABNORMAL, String(error)));
    return { send() {}, close() {} };
  }
  socket.addEventListener('open', () => {
    if (state === 'live') clearTimeout(timer);
  });
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (state !== 'live') return;
    if (typeof event.data === 'string') handlers.onFrame(event.data);
    // D6: frames are texts; a server that sends anything else does not speak this protocol.
    else {
      socket?.close();
      settle(UNSUPPORTED, 'The server sent a binary frame.');
    }
  });
  socket.addEventListener('close', (event) => settle(event.code, event.reason));
  return {
    send(text) {
      if (state === 'live' && socket?.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => close(1000, ''),
  };
}
