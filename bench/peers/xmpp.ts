import { connect, type Socket } from 'node:net';
import type { Dialect, LoadSocket, SendFrame } from '../room-load.ts';

const END = Buffer.from('</message>');
const ROOMS = 'conference.localhost';

/** Rooms give no positions; the sender numbers its messages, and everyone must get them in this order. */
export const XMPP: Dialect = {
  entries: Buffer.from('<message '),
  // A room sends its member's own message back to it: that is the acknowledgement.
  ack: 'own entry',
  position: Buffer.from("id='position-"),
};

/** A member of a room over plain TCP (RFC 6120, XEP-0045), cut down to what load needs. */
export class XmppSocket implements LoadSocket {
  readonly #socket: Socket;
  #onFrame: (stanza: Buffer) => void = () => undefined;
  #onClose: (why: string) => void = () => undefined;
  #rest: Buffer = Buffer.alloc(0);
  #leaving = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('close', () => {
      if (!this.#leaving) this.#onClose('the server closed the connection');
    });
  }

  /** Signs in anonymously and enters the room; resolves once the room told its subject, the last of its greetings. */
  static async join(origin: string, room: string, nick: string): Promise<XmppSocket> {
    const { hostname, port } = new URL(origin);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const heard = listen(socket);
    const open =
      "<stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
    socket.write(open);
    await heard('</stream:features>');
    socket.write("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    await heard('<success');
    socket.write(open);
    await heard('</stream:features>');
    socket.write("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    await heard('</iq>');
    const muc = "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x>";
    socket.write(`<presence to='${room}@${ROOMS}/${nick}'>${muc}</presence>`);
    await heard('</message>');
    socket.removeAllListeners();
    return new XmppSocket(socket);
  }

  onFrame(handle: (stanza: Buffer) => void): void {
    this.#onFrame = handle;
  }

  onClose(handle: (why: string) => void): void {
    this.#onClose = handle;
  }

  write(stanzas: Buffer): void {
    this.#socket.write(stanzas);
  }

  end(): void {
    this.#leaving = true;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(END); end >= 0; end = bytes.indexOf(END, at)) {
      // Others' arrivals may stand before it.
      const start = bytes.indexOf(XMPP.entries, at);
      at = end + END.length;
      this.#onFrame(bytes.subarray(start, at));
    }
    this.#rest = bytes.subarray(at);
  }
}

/** Waits for parts of the greeting, in turn. */
function listen(socket: Socket): (part: string) => Promise<void> {
  let text = '';
  let waiting: { part: string; done: () => void; failed: (error: Error) => void } | undefined;
  const look = () => {
    const at = waiting ? text.indexOf(waiting.part) : -1;
    if (at < 0 || !waiting) return;
    text = text.slice(at + waiting.part.length);
    waiting.done();
    waiting = undefined;
  };
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8');
    look();
  });
  const fail = (why: string) => waiting?.failed(new Error(`XMPP: ${why}; last heard: ${text.slice(-300)}`));
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('the server closed the connection'));
  return (part) =>
    new Promise((done, failed) => {
      waiting = { part, done, failed };
      look();
    });
}

/** Writes messages as a member of the room says them, numbered per room. */
export function asStanzas(): (frame: SendFrame) => SendFrame {
  const sent = new Map<string, number>();
  return ({ id, text }) => {
    const { room, body } = JSON.parse(text) as { room: string; body: string };
    const position = (sent.get(room) ?? 0) + 1;
    sent.set(room, position);
    const stanza = `<message to='${roomName(room)}@${ROOMS}' type='groupchat' id='position-${position}'><body>${body}</body></message>`;
    return { id, text: stanza, frame: Buffer.from(stanza) };
  };
}

/** XMPP folds the case of addresses. */
export const roomName = (room: string): string => Buffer.from(room, 'utf8').toString('hex');
