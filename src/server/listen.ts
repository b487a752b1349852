import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../diagnostics/refusal.js';
import { isLoopbackHost } from './access/loopback.js';
import type { Parts } from './parts.js';

export interface Address {
  readonly host: string;
  /** 0: any that is free */
  readonly port: number;
  readonly server: Pick<Parts, 'keyRing' | 'tls'>;
}

/** Begins to listen; gives the URL. @throws Refusal when nobody may, or the port cannot be had */
export async function listen(app: FastifyInstance, { host, port, server }: Address): Promise<string> {
  if (server.keyRing === undefined && !isLoopbackHost(host)) throw unprotected(host);
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Refusal('unavailable', `cannot listen on ${host}:${port} (${code})`, { help: helpFor(code), cause });
  }
  const { address, family, port: bound } = app.server.address() as AddressInfo;
  const name = family === 'IPv6' ? `[${address}]` : address;
  return `${server.tls === undefined ? 'http' : 'https'}://${name}:${bound}`;
}

function helpFor(code: string | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'another program has the port: choose one with `--port`, or 0 for any that is free';
    case 'EACCES':
      return 'ports below 1024 are for privileged programs: choose another with `--port`';
    default:
      return '`--host` must be an address of this machine, or a name that leads to one';
  }
}

function unprotected(host: string): Refusal {
  return new Refusal('invalid-argument', `\`--host ${host}\` would let anybody in: there are no keys`, {
    help: 'without keys only this machine may ask: listen on 127.0.0.1',
  });
}
