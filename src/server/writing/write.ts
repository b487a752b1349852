import type { FastifyRequest } from 'fastify';
import type { Author, Proposed, WriteRequest, Written } from '../../write/writer.js';
import type { Principal } from '../access/principal.js';
import { principalOf } from '../access/request.js';
import { refuseWithoutScope } from '../access/scopes.js';
import type { Desk } from '../desk.js';
import { Problem } from '../problem.js';
import type { Served } from '../served.js';
import type { Applied } from './apply.js';
import type { Change } from './change.js';
import type { WritingParts } from './parts.js';
import { type Draft, draft, problemOfWriter } from './plan.js';

/** What came of a write. */
export type Outcome =
  | {
      readonly kind: 'written';
      readonly applied: readonly Applied[];
      readonly written: Written;
      /** `undefined`: the commit is there and is not served, see `settled`. */
      readonly served: Served | undefined;
    }
  | { readonly kind: 'proposed'; readonly applied: readonly Applied[]; readonly proposed: Proposed };

export interface Wish {
  readonly changes: readonly Change[];
  readonly reason?: string;
  /** The proposal that it goes onto. */
  readonly proposal?: string;
}

/** Writes as the server is started to. @throws Problem, and then nothing has happened */
export async function write(desk: Desk, request: FastifyRequest, wish: Wish): Promise<Outcome> {
  const principal = principalOf(request);
  for (const { noun } of wish.changes) {
    refuseWithoutScope(principal, noun === 'segment' ? 'segments:write' : 'flags:write');
  }
  const writing = writingOf(desk);
  const { proposal } = wish;
  if (proposal !== undefined && writing.mode === 'direct') {
    throw new Problem('invalid_request', 'this server writes directly: it makes no proposals');
  }
  const [planned, drafted] = requestOf(writing, request, { ...wish, at: desk.parts.clock() }, principal);
  try {
    return writing.mode === 'direct'
      ? await writeDirectly(writing, planned, drafted)
      : await propose(writing, planned, drafted, wish);
  } catch (error) {
    throw problemOfWriter(error, proposal);
  }
}

/** @throws Problem where the server does not write */
export function writingOf({ parts }: Desk): WritingParts {
  if (parts.writing !== undefined) return parts.writing;
  throw new Problem('writing_off', 'this server only reads', {
    help: 'start it with `--write-mode direct` or `--write-mode proposal`',
  });
}

async function writeDirectly(
  { writer, settled }: WritingParts,
  request: WriteRequest,
  drafted: () => Draft,
): Promise<Outcome> {
  const written = await writer.write(request);
  const served = await settled(written);
  return { kind: 'written', applied: drafted().applied, written, served };
}

async function propose(
  { writer }: WritingParts,
  request: WriteRequest,
  drafted: () => Draft,
  { changes, proposal: branch }: Wish,
): Promise<Outcome> {
  const stem = changes.find(({ key }) => key !== '')?.key ?? 'change';
  const proposed = await writer.propose(request, { stem, ...(branch !== undefined && { branch }) });
  return { kind: 'proposed', applied: drafted().applied, proposed };
}

/** The request for the writer, and a look at what its plan came to on the head that counted. */
function requestOf(
  { compiler }: WritingParts,
  request: FastifyRequest,
  { changes, reason, at }: Wish & { readonly at: number },
  principal: Principal,
): [WriteRequest, () => Draft] {
  let last: Draft = { applied: [], plan: undefined };
  const requestId = requestIdOf(request);
  const planned: WriteRequest = {
    plan: async (state) => {
      last = await draft(state, changes, { compiler, principal, now: at });
      return last.plan;
    },
    author: authorOf(principal),
    ...(reason !== undefined && { reason }),
    ...(requestId !== undefined && { requestId }),
    at,
  };
  return [planned, () => last];
}

/** What a caller, or a proxy in front, calls this request. */
function requestIdOf({ headers }: FastifyRequest): string | undefined {
  const { 'x-request-id': id } = headers;
  return typeof id === 'string' && /^[\x21-\x7e]{1,200}$/.test(id) ? id : undefined;
}

/** Whoever asks; a key has no address of its own. */
export function authorOf({ author, name, id }: Principal): Author {
  return author ?? { name, email: `${id}@flagstaff.invalid` };
}
