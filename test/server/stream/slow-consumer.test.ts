import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StreamHub } from '../../../src/server/stream/hub.js';

const MIB = 1_048_576;
const EVENT = Buffer.alloc(MIB / 4, 'x');
/** More than the buffers of the system hold for one connection, and 1 MiB. */
const EVENTS = 100;

let hub: StreamHub;
let server: Server;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  hub = new StreamHub({ maxStreams: 10, maxBacklog: MIB });
  server = createServer((_request, response) => {
    response.on('error', () => undefined).on('close', hub.open('channel', response, Buffer.from('hello')));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

async function listen(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(() => hub.size).toBe(sockets.length);
  return socket;
}

it('cuts off a client that opens and never reads, while the others see every event', { timeout: 60_000 }, async () => {
  const [quick] = [await listen(), await listen()];
  let seen = 0;
  quick.on('data', (chunk: Buffer) => {
    seen += chunk.length;
  });
  for (let count = 1; count <= EVENTS; count += 1) {
    hub.broadcast('channel', EVENT);
    await expect.poll(() => seen, { timeout: 20_000, interval: 2 }).toBeGreaterThan(count * EVENT.length);
  }
  expect({ size: hub.size, dropped: hub.dropped }).toEqual({ size: 1, dropped: 1 });
});
