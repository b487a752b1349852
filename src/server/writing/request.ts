import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';
import { type Query, wrong } from '../routes/query.js';

/** @throws Problem unless the body is what a patch of its type is. `application/json` is a merge patch. */
export function patchKind({ headers }: FastifyRequest): 'merge' | 'json-patch' {
  const type = mediaType(headers['content-type']);
  if (type === 'application/json-patch+json') return 'json-patch';
  if (type === 'application/json' || type === 'application/merge-patch+json') return 'merge';
  throw new Problem('unsupported_media_type', 'a patch is a JSON Merge Patch or a JSON Patch', {
    help: 'send `Content-Type: application/merge-patch+json` or `application/json-patch+json`',
  });
}

/** @throws Problem unless the body is plain JSON */
export function refusePatchType({ headers }: FastifyRequest): void {
  if (mediaType(headers['content-type']) === 'application/json') return;
  throw new Problem('unsupported_media_type', 'send `Content-Type: application/json`');
}

function mediaType(header = ''): string {
  return header.replace(/;.*$/s, '').trim().toLowerCase();
}

/** @throws Problem for a body where there is nothing to say */
export function refuseBody(body: unknown): void {
  if (body === undefined || body === null) return;
  if (typeof body === 'object' && Object.keys(body).length === 0) return;
  throw new Problem('invalid_request', 'this takes no body', { errors: [{ pointer: '', message: 'must be empty' }] });
}

export function ifMatchOf({ headers }: FastifyRequest): { readonly ifMatch?: string } {
  return headers['if-match'] === undefined ? {} : { ifMatch: headers['if-match'] };
}

/** Nobody may believe that it was looked at. @throws Problem */
export function refuseHeader({ headers }: FastifyRequest, name: 'If-Match' | 'If-None-Match', help: string): void {
  if (headers[name.toLowerCase()] === undefined) return;
  throw new Problem('invalid_request', `the header \`${name}\` says nothing here`, { help });
}

/** @throws Problem where what is changed must be there. */
export function refuseIfNoneMatch(request: FastifyRequest): void {
  refuseHeader(
    request,
    'If-None-Match',
    'what is new is created with POST, which never replaces; `If-Match` is honoured',
  );
}

/** A folder that the flag repository is read from. @throws Problem for any other */
export function directoryOf(query: Query): string {
  const directory = query.one('directory') ?? '';
  const isFolder = (name: string) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(name) && name !== 'node_modules';
  if (directory === '' || (directory.length <= 500 && directory.split('/').every(isFolder))) return directory;
  throw wrong(
    'directory',
    'a folder of the flag repository: names of letters, digits, `.`, `_`, `-`, with `/` between',
  );
}

/** The parameters of every write. */
export const WRITE_QUERY: readonly string[] = ['reason', 'proposal'];

/** The proposal that a write goes onto. */
export function proposalIn(query: Query): { readonly proposal?: string } {
  const proposal = query.one('proposal');
  return proposal === undefined ? {} : { proposal };
}
