/** What others would pick instead, measured where Debian's packages are installed. */
export type Peer = 'Flask-SocketIO' | 'ejabberd' | 'ejabberd, archive';
export const PEERS: readonly Peer[] = ['Flask-SocketIO', 'ejabberd', 'ejabberd, archive'];

/** A system that others use and this machine lacks; the table says so. */
export interface Absent {
  readonly absent: string;
}

export const isAbsent = (found: object): found is Absent => 'absent' in found;
