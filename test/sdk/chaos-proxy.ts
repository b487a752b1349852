import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What happens to the bytes that a server sends. */
export interface Mischief {
  /** The connection breaks after so many bytes. */
  readonly cutAfter?: number;
  /** Milliseconds by which each piece is late. */
  readonly delay?: number;
  /** Each so manieth piece comes twice. */
  readonly doubleEvery?: number;
  /** Before each so manieth piece comes this. */
  readonly garbageEvery?: number;
  /** Nothing comes, and nothing breaks. */
  readonly swallow?: boolean;
}

/** A proxy between sockets that does what networks do. */
export interface ChaosProxy {
  readonly url: string;
  /** For connections from now on. */
  mischief: Mischief;
  /** How many connections there were. */
  readonly connections: number;
  /** Breaks every connection. */
  breakAll(): void;
  close(): Promise<void>;
}

export async function startProxy(target: string): Promise<ChaosProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const state = { mischief: {} as Mischief, connections: 0 };

  const server = createServer((near) => {
    state.connections += 1;
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    const pass = passing(near, state.mischief);
    far.on('data', pass);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set mischief(mischief: Mischief) {
      state.mischief = mischief;
    },
    get mischief() {
      return state.mischief;
    },
    get connections() {
      return state.connections;
    },
    breakAll,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      breakAll();
      await closed;
    },
  };
}

const GARBAGE = Buffer.from('\u0000\ufffd<html>\r\nid: 9\r\ndata: {"garbage":');

function passing(near: Socket, mischief: Mischief): (piece: Buffer) => void {
  const { cutAfter = Number.POSITIVE_INFINITY, delay = 0, doubleEvery = 0, garbageEvery = 0 } = mischief;
  let sent = 0;
  let pieces = 0;

  function write(piece: Buffer): void {
    if (near.destroyed) return;
    near.write(piece.subarray(0, Math.max(cutAfter - sent, 0)));
    sent += piece.length;
    if (sent >= cutAfter) near.end();
  }

  return (piece) => {
    if (mischief.swallow === true) return;
    pieces += 1;
    const isEvery = (count: number) => count > 0 && pieces % count === 0;
    const all = [...(isEvery(garbageEvery) ? [GARBAGE] : []), piece, ...(isEvery(doubleEvery) ? [piece] : [])];
    if (delay === 0) for (const each of all) write(each);
    else setTimeout(() => all.forEach(write), delay);
  };
}
