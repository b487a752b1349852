import type { FastifyInstance, FastifyRequest } from 'fastify';
import { deltaOf } from '../../diff/delta.js';
import { changesData } from '../../report/changes-json.js';
import type { Proposal } from '../../write/writer.js';
import type { Desk } from '../desk.js';
import { pageOf, queryOf } from '../routes/query.js';
import { problemOfWriter } from './plan.js';
import { writingOf } from './write.js';

/** `GET /proposals`: what waits for review, and what it would change. */
export function addProposalRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/proposals', { config: { access: ['admin'] } }, (request) => listProposals(desk, request));
}

async function listProposals(desk: Desk, request: FastifyRequest): Promise<object> {
  const query = queryOf(request, ['limit', 'cursor']);
  const { writer } = writingOf(desk);
  try {
    const proposals = await writer.proposals();
    const keyed = proposals
      .map((proposal) => ({ key: proposal.branch, proposal }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const { page, next } = pageOf(keyed, query);
    const shown: object[] = [];
    for (const { proposal } of page) shown.push(await show(desk, proposal));
    return { proposals: shown, ...next };
  } catch (error) {
    throw problemOfWriter(error);
  }
}

/** The difference to where it parted from the branch: what others have done there since is not its doing. */
async function show(desk: Desk, { branch, commit, base, commits, url }: Proposal): Promise<object> {
  const { writer, compiler } = writingOf(desk);
  const before = await compiler.compile(await writer.filesAt(base));
  const after = await compiler.compile(await writer.filesAt(commit));
  const head = {
    branch,
    commit,
    base,
    ...(url !== undefined && { url }),
    commits: commits.map(({ at, ...one }) => ({ ...one, at: new Date(at).toISOString() })),
  };
  if (before.snapshot === undefined || after.snapshot === undefined) {
    return { ...head, diagnostics: after.diagnostics };
  }
  const delta = deltaOf(before.snapshot, after.snapshot, {
    from: base,
    to: commit,
    now: desk.parts.clock(),
    impact: {},
  });
  return { ...head, diff: changesData(delta) };
}
