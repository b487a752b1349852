import { STATES_WITHOUT_CODE } from '../../lifecycle/state.js';
import type { Operation } from './operation.js';

const text = { type: 'string' };
const yesNo = { type: 'string', enum: ['true', 'false'] };
const environment = { schema: text, description: 'For keys that are bound to no environment.' };
const limit = {
  schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
  description: 'Most entries of a page.',
};
const cursor = { schema: text, description: '`next_cursor` of the page before.' };
const time = 'RFC 3339, or a date.';
const HISTORY_QUERY = {
  order: {
    schema: { type: 'string', enum: ['newest', 'oldest'], default: 'newest' },
    description: 'What comes first.',
  },
  author: { schema: text, description: 'In the name or the address of the author.' },
  since: { schema: text, description: time },
  until: { schema: text, description: time },
};
const explain = { schema: yesNo, description: 'Adds the way to the answer; not for client keys.' };
const ANYONE = 'client, server or admin';
const READERS = 'server or admin';
const SSE = 'text/event-stream';

/** Every route, in the order in which people read about them. A route that is not served is left out of the answer. */
export const operations: readonly Operation[] = [
  {
    method: 'post',
    route: '/ofrep/v1/evaluate/flags/:key',
    summary: 'Evaluate one flag (OFREP)',
    access: ANYONE,
    query: { environment },
    body: 'OfrepRequest',
    answers: {
      200: { description: 'The answer. Without `value`, the default in the code counts.', schema: 'OfrepEvaluation' },
      400: { description: 'The body or context is malformed.', schema: 'OfrepFailure' },
      404: { description: 'There is no such flag, or not for this key.', schema: 'OfrepFailure' },
      500: { description: 'The flag cannot be evaluated.', schema: 'OfrepFailure' },
    },
  },
  {
    method: 'post',
    route: '/ofrep/v1/evaluate/flags',
    summary: 'Evaluate all flags (OFREP)',
    access: ANYONE,
    query: {
      environment,
      flagConfigEtag: {
        schema: text,
        description: 'The version that an event told of; another than the one served gets no 304.',
      },
      flagConfigLastModified: { schema: text, description: 'Accepted and not used.' },
    },
    headers: { 'If-None-Match': 'The ETag of the answer that the client has.' },
    body: 'OfrepRequest',
    answers: {
      200: {
        description: 'Every flag that the key may see, sorted by key; with an ETag of the whole answer.',
        schema: 'OfrepBulk',
      },
      304: { description: 'The client has this answer.' },
      400: { description: 'The body or context is malformed.', schema: 'OfrepFailure' },
    },
  },
  {
    method: 'get',
    route: '/ofrep/v1/stream',
    summary: 'Be told when to evaluate again (OFREP)',
    description: 'The URL, with its token, stands in `eventStreams` of a bulk answer.',
    access: 'open',
    query: { token: { schema: text, description: 'Says for whom the stream is; it expires.' } },
    answers: { 200: { description: 'Events `{"type": "refetchEvaluation", "etag"}`.', type: SSE } },
  },
  {
    method: 'post',
    route: '/flags/:key/evaluate',
    summary: 'Evaluate one flag',
    access: ANYONE,
    query: { environment, explain },
    body: 'EvaluateRequest',
    answers: {
      200: { description: 'The answer.', schema: 'Evaluation' },
      404: { description: 'There is no such flag, or not for this key.', schema: 'Problem' },
    },
  },
  {
    method: 'post',
    route: '/flags/evaluate-bulk',
    summary: 'Evaluate several flags, or all',
    access: ANYONE,
    query: { environment, explain },
    body: 'EvaluateBulkRequest',
    answers: {
      200: {
        description: 'One row for each flag, in the order asked for, else sorted by key.',
        schema: 'EvaluationList',
      },
    },
  },
  {
    method: 'get',
    route: '/flags',
    summary: 'List flags as they stand in one environment',
    access: READERS,
    query: {
      limit,
      cursor,
      environment,
      state: {
        schema: { type: 'string', enum: ['active', 'archived'] },
        description: 'Archived flags are for admins.',
      },
      owner: { schema: text, description: 'Exactly this owner.' },
      enabled: { schema: yesNo, description: 'In this environment.' },
      lifecycle: {
        schema: { type: 'string', enum: STATES_WITHOUT_CODE },
        description: 'Where a flag stands in its life, as far as that can be told without code; adds `ages`.',
      },
      tag: { schema: text, description: 'Repeatable; a flag must have all of them.' },
    },
    answers: { 200: { description: 'A page, sorted by key.', schema: 'FlagList' } },
  },
  {
    method: 'get',
    route: '/flags/:key',
    summary: 'Read one flag',
    description: 'As it stands in the environment; for an admin who names none, as it is written.',
    access: READERS,
    query: { environment },
    answers: {
      200: { description: 'The flag.', schema: 'Flag' },
      404: { description: 'There is no such flag.', schema: 'Problem' },
    },
  },
  {
    method: 'get',
    route: '/flags/:key/audit',
    summary: 'Who changed this flag, when and how',
    access: READERS,
    query: { limit, cursor, environment, ...HISTORY_QUERY },
    answers: { 200: { description: 'Commits, newest first unless asked otherwise.', schema: 'AuditList' } },
  },
  {
    method: 'get',
    route: '/audit',
    summary: 'Who changed what and when',
    access: READERS,
    query: { limit, cursor, environment, ...HISTORY_QUERY },
    answers: { 200: { description: 'Commits, newest first unless asked otherwise.', schema: 'AuditList' } },
  },
  {
    method: 'get',
    route: '/segments',
    summary: 'List segments',
    access: READERS,
    query: { limit, cursor, environment },
    answers: { 200: { description: 'A page, sorted by key.', schema: 'SegmentList' } },
  },
  {
    method: 'get',
    route: '/segments/:key',
    summary: 'Read one segment',
    description: 'With its defaults filled in; for an admin who names no environment, as it is written.',
    access: READERS,
    query: { environment },
    answers: {
      200: { description: 'The segment.', schema: 'Segment' },
      404: { description: 'There is no such segment.', schema: 'Problem' },
    },
  },
  {
    method: 'get',
    route: '/segments/:key/children',
    summary: 'Segments whose parent this is',
    access: READERS,
    query: { environment },
    answers: { 200: { description: 'Sorted by key.', schema: 'SegmentList' } },
  },
  {
    method: 'get',
    route: '/segments/:key/flags',
    summary: 'Flags that ask for this segment',
    access: READERS,
    query: { environment },
    answers: { 200: { description: 'Keys of flags, sorted.', schema: 'KeyList' } },
  },
  {
    method: 'get',
    route: '/groups',
    summary: 'List groups of experiments',
    access: READERS,
    query: { limit, cursor, environment },
    answers: { 200: { description: 'A page, sorted by key.', schema: 'GroupList' } },
  },
  {
    method: 'get',
    route: '/groups/:key',
    summary: 'Read one group',
    description: 'With its defaults filled in; for an admin who names no environment, as it is written.',
    access: READERS,
    query: { environment },
    answers: {
      200: { description: 'The group.', schema: 'Group' },
      404: { description: 'There is no such group.', schema: 'Problem' },
    },
  },
  {
    method: 'get',
    route: '/snapshot',
    summary: 'Every definition of one environment',
    access: READERS,
    query: { environment },
    headers: { 'If-None-Match': 'The ETag of what the client has.' },
    answers: {
      200: {
        description: 'Flags and segments as they travel, with the event id to stream on from.',
        schema: 'Snapshot',
      },
      304: { description: 'The client has this snapshot.' },
    },
  },
  {
    method: 'get',
    route: '/stream',
    summary: 'Changes of definitions as they happen',
    access: READERS,
    query: { environment },
    headers: { 'Last-Event-ID': 'The id of the last event that the client has seen.' },
    answers: { 200: { description: 'Whole batches, each ended by `commit`.', type: SSE } },
  },
  {
    method: 'post',
    route: '/reload',
    summary: 'Fetch and look for newer flags now',
    access: 'admin',
    answers: {
      200: { description: 'What is served now.', schema: 'Reloaded' },
      409: { description: 'The newest flags are refused; the last good ones stay.', schema: 'Problem' },
      502: { description: 'The remote could not be fetched.', schema: 'Problem' },
    },
  },
  {
    method: 'post',
    route: '/hooks/push',
    summary: 'What a git host calls after a push',
    description: 'Signed with the shared secret, as GitHub and GitLab do it.',
    access: 'open',
    answers: { 202: { description: 'The server looks for newer flags.' } },
  },
  {
    method: 'get',
    route: '/status',
    summary: 'What is served and why',
    description: 'In full for server and admin keys.',
    access: 'open',
    answers: { 200: { description: 'The status.', schema: 'Status' } },
  },
  {
    method: 'get',
    route: '/healthz',
    summary: 'Is the process alive?',
    access: 'open',
    answers: { 200: { description: 'Yes.', schema: 'Status' } },
  },
  {
    method: 'get',
    route: '/readyz',
    summary: 'Are flags served?',
    access: 'open',
    answers: {
      200: { description: 'Yes, however old they are.', schema: 'Status' },
      503: { description: 'Not yet.', schema: 'Status' },
    },
  },
  {
    method: 'get',
    route: '/metrics',
    summary: 'Numbers for Prometheus',
    access: 'open',
    answers: { 200: { description: 'The text format.', type: 'text/plain' } },
  },
  {
    method: 'get',
    route: '/openapi.json',
    summary: 'This description as OpenAPI 3.1',
    access: 'open',
    answers: { 200: { description: 'The document.', type: 'application/json' } },
  },
  {
    method: 'get',
    route: '/docs',
    summary: 'This description as a page',
    access: 'open',
    answers: { 200: { description: 'The page.', type: 'text/html' } },
  },
];
