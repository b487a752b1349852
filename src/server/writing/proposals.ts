import type { FastifyInstance, FastifyRequest } from 'fastify';
import { deltaOf } from '../../diff/delta.js';
import { changesData } from '../../report/changes-json.js';
import type { Proposal } from '../../write/writer.js';
import { pageOf, queryOf } from '../routes/query.js';
import { problemOfWriter } from './plan.js';
import { type WritingDesk, writingOf } from './write.js';

/** `GET /proposals`: what waits for review, and what it would change. */
export function addProposalRoutes(app: FastifyInstance, desk: WritingDesk): void {
  app.get('/proposals', { config: { access: ['admin'] } }, (request) => listProposals(desk, request));
}

async function listProposals(desk: WritingDesk, request: FastifyRequest): Promise<object> {
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
async function show(desk: WritingDesk, { branch, commit, base, commits, url }: Proposal): Promise<object> {
  const { writer } = writingOf(desk);
  const [before, after] = [await writer.filesAt(base), await writer.filesAt(commit)].map((files) =>
    desk.compiler.compile(files),
  );
  const head = {
    branch,
    commit,
    base,
    ...(url !== undefined && { url }),
    commits: commits.map(({ at, ...one }) => ({ ...one, at: new Date(at).toISOString() })),
  };
  if (before?.snapshot === undefined || after?.snapshot === undefined) {
    return { ...head, diagnostics: after?.diagnostics ?? [] };
  }
  const delta = deltaOf(before.snapshot, after.snapshot, {
    from: base,
    to: commit,
    now: desk.parts.clock(),
    impact: {},
  });
  return { ...head, diff: changesData(delta) };
}
