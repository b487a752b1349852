import { pino } from 'pino';
import { type RunningServer, type ServeOptions, startServer } from '../../src/server/start.js';
import { isolatedEnvironment } from './isolated.js';

export interface TestServer extends RunningServer {
  /** What it has logged, one object a line. */
  readonly logged: () => string;
}

let starts = 0;

/** Starts a server on a free port of this machine. */
export async function startTestServer(
  options: Partial<ServeOptions> & Pick<ServeOptions, 'root'>,
  environment: Readonly<Record<string, string>> = isolatedEnvironment(options.root),
  now: () => number = Date.now,
): Promise<TestServer> {
  const lines: string[] = [];
  starts += 1;
  const running = await startServer(
    {
      host: '127.0.0.1',
      port: 0,
      poll: 60_000,
      fetchTimeout: 15_000,
      allowRewind: false,
      maxStreams: 100,
      keepalive: 15_000,
      peers: [],
      server: {},
      ...options,
    },
    {
      now,
      history: starts.toString(16).padStart(12, '0'),
      random: Math.random,
      log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
      environment,
    },
  );
  return { ...running, logged: () => lines.join('') };
}
