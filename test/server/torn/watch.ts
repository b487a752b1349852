import { createEvaluator } from '../../../src/engine/evaluator.js';
import type { Context } from '../../../src/model/context.js';
import type { Definitions } from '../../../src/model/definitions.js';
import type { Flag } from '../../../src/model/flag.js';
import type { Segment } from '../../../src/model/segment.js';
import type { TestServer } from '../running.js';
import { listenTo } from '../stream/listener.js';
import { isWhole, MALLORIES, type Seen, USERS } from './versions.js';

type Answer = { readonly value: unknown };

async function ask<T>({ url }: TestServer, path: string, context: Context): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify({ context }) });
  return (await response.json()) as T;
}

/** Both flags for a user, from one answer. */
export async function both(server: TestServer, context: Context): Promise<readonly unknown[]> {
  const { flags } = await ask<{ readonly flags: readonly Answer[] }>(server, '/ofrep/v1/evaluate/flags', context);
  return flags.map(({ value }) => value);
}

const single = async (server: TestServer, context: Context) =>
  (await ask<Answer>(server, '/ofrep/v1/evaluate/flags/one', context)).value;

/** What a server has told that cannot be. */
export interface Watch {
  readonly torn: readonly Seen[];
  readonly asked: () => number;
  stop(): Promise<void>;
}

/** milliseconds between two questions: as often as leaves the servers time to read */
const BREATH = 40;

/** Asks again and again, in bulk and singly. */
export function keepAsking(server: TestServer): Watch {
  const torn: Seen[] = [];
  let [asked, last, stopped] = [0, 0, false];
  const running = (async () => {
    while (!stopped) {
      const seen = await look(server, MALLORIES[asked % MALLORIES.length] ?? USERS.eve);
      if (!isWhole(seen.inBulk, last) || !isWhole(seen.singly, last)) torn.push(seen.inBulk, seen.singly);
      last = Number(seen.inBulk.ada[0]);
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, BREATH));
    }
  })();
  const stop = () => {
    stopped = true;
    return running;
  };
  return { torn, asked: () => asked, stop };
}

interface Looked {
  readonly inBulk: Seen;
  readonly singly: Seen;
}

async function look(server: TestServer, stranger: Context): Promise<Looked> {
  const [ada, eve, mallory, one, other, third] = await Promise.all([
    both(server, USERS.ada),
    both(server, USERS.eve),
    both(server, stranger),
    single(server, USERS.ada),
    single(server, USERS.eve),
    single(server, stranger),
  ]);
  return { inBulk: { ada, eve, mallory }, singly: { ada: [one, one], eve: [other], mallory: [third] } };
}

/** Applies batches whole, as a client must, and evaluates after each one, up to the version `until`. */
export async function followStream(server: TestServer, until: number): Promise<Seen[]> {
  const listener = await listenTo(`${server.url}/stream`);
  const known: Known = { flags: new Map(), segments: new Map() };
  const torn: Seen[] = [];
  for (let last = -1; last < until; ) {
    const { event = '', data } = await listener.next();
    apply(known, event, JSON.parse(data) as Change);
    if (event !== 'snapshot' && event !== 'commit') continue;
    const seen = evaluateAll(known);
    if (!isWhole(seen, last)) torn.push(seen);
    last = Number(seen.ada[0]);
  }
  listener.close();
  return torn;
}

interface Known {
  readonly flags: Map<string, Flag>;
  readonly segments: Map<string, Segment>;
}

type Change = Definitions & { readonly flag: Flag; readonly segment: Segment };

function apply({ flags, segments }: Known, event: string, change: Change): void {
  if (event === 'snapshot') for (const flag of change.flags) flags.set(flag.key, flag);
  if (event === 'snapshot') for (const segment of change.segments) segments.set(segment.key, segment);
  if (event === 'flag_updated') flags.set(change.flag.key, change.flag);
  if (event === 'segment_updated') segments.set(change.segment.key, change.segment);
}

function evaluateAll({ flags, segments }: Known): Seen {
  const definitions = { environment: 'production', flags: [...flags.values()], segments: [...segments.values()] };
  const evaluator = createEvaluator(definitions);
  const values = (context: Context) => ['one', 'two'].map((key) => evaluator.evaluate(key, context, 0).value);
  return { ada: values(USERS.ada), eve: values(USERS.eve), mallory: MALLORIES.flatMap(values) };
}
