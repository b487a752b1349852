import type { Operation } from './operation.js';

const text = { type: 'string' };
const query = {
  reason: { schema: { type: 'string', maxLength: 500 }, description: 'Why, on one line; it is kept in the commit.' },
  proposal: { schema: text, description: 'In the mode `proposal`: the branch of one that this goes onto.' },
};
const directory = {
  schema: text,
  description: 'The folder of a new file; the top of the flag repository if left out.',
};
const headers = { 'If-Match': 'The ETag of what the change is meant for.' };
const ADMIN = 'admin';

/** Of a write that is done, and of what else may come of it. @param schema of what is written */
function answersOf(success: 200 | 201, description: string, schema: string): Operation['answers'] {
  return {
    // In the mode `proposal` 200 says that there was no difference.
    [success]: { description, schema: success === 200 ? [schema, 'Proposed'] : schema },
    202: {
      description: 'A proposal; or a commit that is not served, since the repository has problems.',
      schema: ['Proposed', schema],
    },
    400: { description: 'The result would not pass the gate; `errors` points into the body.', schema: 'Problem' },
    403: { description: 'The key has not got the scope, or the server does not write.', schema: 'Problem' },
    409: {
      description: 'A key that is taken, a field that never changes, others that depend on it.',
      schema: 'Problem',
    },
  };
}

const GONE: Operation['answers'] = {
  404: { description: 'There is no such thing.', schema: 'Problem' },
  412: { description: 'It has another revision; `current` is what there is.', schema: 'Problem' },
};

function operationsOf(noun: 'flag' | 'segment' | 'group', schema: string): Operation[] {
  const route = `/${noun}s/:key`;
  const removed = noun === 'flag' ? 'Archived' : 'Removed';
  const removal = noun === 'flag' ? `Archive a flag: its key stays taken` : `Remove a ${noun}`;
  return [
    {
      method: 'post',
      route: `/${noun}s`,
      summary: `Create a ${noun}`,
      access: ADMIN,
      query: { ...query, directory },
      body: schema,
      answers: answersOf(201, 'Committed and served.', schema),
    },
    {
      method: 'put',
      route,
      summary: `Replace a ${noun}`,
      access: ADMIN,
      query,
      headers,
      body: schema,
      answers: { ...answersOf(200, 'Committed and served; without a difference, as it was.', schema), ...GONE },
    },
    {
      method: 'patch',
      route,
      summary: `Change a ${noun}`,
      description: 'By JSON Merge Patch (RFC 7396) or JSON Patch (RFC 6902).',
      access: ADMIN,
      query,
      headers,
      body: { 'application/merge-patch+json': 'MergePatch', 'application/json-patch+json': 'JsonPatch' },
      answers: { ...answersOf(200, 'Committed and served.', schema), ...GONE },
    },
    {
      method: 'delete',
      route,
      summary: removal,
      access: ADMIN,
      query,
      headers,
      answers: { ...answersOf(200, `${removed}.`, noun === 'flag' ? schema : 'Removed'), ...GONE },
    },
  ];
}

/** The management API. */
export const writingOperations: readonly Operation[] = [
  ...operationsOf('flag', 'WrittenFlag'),
  {
    method: 'post',
    route: '/flags/:key/restore',
    summary: 'Bring an archived flag back',
    access: ADMIN,
    query,
    headers,
    body: 'Reasoned',
    answers: { ...answersOf(200, 'As it was.', 'WrittenFlag'), ...GONE },
  },
  {
    method: 'post',
    route: '/flags/:key/kill',
    summary: 'Turn a flag off at once, whatever the repository says',
    description: 'It is committed as soon as that is possible. Needs the scope `flags:kill`.',
    access: ADMIN,
    body: 'KillRequest',
    answers: {
      202: { description: 'It is off, and `kept` says whether that survives a restart.', schema: 'Killed' },
      403: { description: 'The key has not got the scope, or may not change that environment.', schema: 'Problem' },
      404: { description: 'There is no such flag.', schema: 'Problem' },
    },
  },
  {
    method: 'delete',
    route: '/flags/:key/kill',
    summary: 'Take a kill back that is not committed yet',
    access: ADMIN,
    query: { environment: { schema: text, description: 'Where it was killed.' } },
    answers: {
      200: { description: 'It is again what the repository says.', schema: 'Killed' },
      403: { description: 'The key has not got the scope, or may not change that environment.', schema: 'Problem' },
      404: { description: 'No such kill waits.', schema: 'Problem' },
      504: { description: 'It may be in the repository: it stays in force.', schema: 'Problem' },
    },
  },
  {
    method: 'post',
    route: '/hooks/kill',
    summary: 'What replicas tell each other of kills',
    description: 'Signed with the shared secret.',
    access: 'open',
    answers: { 202: { description: 'Done.' } },
  },
  ...operationsOf('segment', 'WrittenSegment'),
  ...operationsOf('group', 'WrittenGroup'),
  {
    method: 'post',
    route: '/changes',
    summary: 'Several changes in one commit, all or none',
    access: ADMIN,
    query,
    body: 'Changes',
    answers: { ...answersOf(200, 'Committed and served.', 'Changed'), ...GONE },
  },
  {
    method: 'get',
    route: '/proposals',
    summary: 'What waits for review',
    access: ADMIN,
    query: {
      limit: {
        schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
        description: 'Most entries of a page.',
      },
      cursor: { schema: text, description: '`next_cursor` of the page before.' },
    },
    answers: { 200: { description: 'Each with its difference and its impact.', schema: 'ProposalList' } },
  },
];

const changes = { type: 'array', items: { type: 'object' } };
const written = { file: text, version: text };
const key = { type: 'string', pattern: '^(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' };

/** The shapes that only the management API has. What a flag, segment or group may say is in `schemas/`. */
export const writingSchemas: Readonly<Record<string, object>> = {
  WrittenFlag: {
    type: 'object',
    description: 'As its file says it; `environments` holds what override files say, too.',
    required: ['key', 'type'],
    properties: { key, type: text, default_value: {}, environments: { type: 'object' }, reason: text, ...written },
  },
  WrittenSegment: { type: 'object', required: ['key'], properties: { key, ...written } },
  WrittenGroup: {
    type: 'object',
    required: ['key', 'slots'],
    properties: { key, slots: { type: 'array', items: { type: 'object' } }, ...written },
  },
  Removed: {
    type: 'object',
    required: ['key', 'removed', 'version'],
    properties: { key, removed: { const: true }, version: text },
  },
  KillRequest: {
    type: 'object',
    required: ['environment', 'reason'],
    properties: {
      environment: text,
      reason: text,
      expires_in: {
        type: 'string',
        pattern: '^[1-9][0-9]*[smhd]$',
        default: '24h',
        description: 'How long it holds if it cannot be committed.',
      },
    },
    additionalProperties: false,
  },
  Killed: {
    type: 'object',
    required: ['flag', 'environment', 'enabled'],
    properties: {
      flag: text,
      environment: text,
      enabled: { const: false },
      reason: text,
      by: text,
      at: text,
      expires_at: text,
      kept: { type: 'boolean' },
    },
  },
  Reasoned: { type: 'object', properties: { reason: text }, additionalProperties: false },
  MergePatch: { type: 'object', properties: { reason: text } },
  JsonPatch: {
    type: 'array',
    maxItems: 500,
    items: {
      type: 'object',
      required: ['op', 'path'],
      properties: {
        op: { enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'] },
        path: text,
        from: text,
        value: {},
      },
    },
  },
  Changes: {
    type: 'object',
    required: ['changes'],
    properties: {
      reason: text,
      changes: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: {
          type: 'object',
          required: ['method', 'path'],
          properties: { method: { enum: ['POST', 'PUT', 'PATCH', 'DELETE'] }, path: text, body: {}, if_match: text },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
  Changed: {
    type: 'object',
    required: ['version', 'changed', 'changes'],
    properties: { version: text, changed: { type: 'boolean' }, changes },
  },
  Proposed: {
    type: 'object',
    required: ['branch', 'commit', 'changed'],
    properties: { branch: text, commit: text, changed: { type: 'boolean' }, url: text, changes },
  },
  ProposalList: {
    type: 'object',
    required: ['proposals'],
    properties: {
      proposals: {
        type: 'array',
        items: {
          type: 'object',
          required: ['branch', 'commit', 'base', 'commits'],
          properties: {
            branch: text,
            commit: text,
            base: text,
            url: text,
            commits: { type: 'array', items: { type: 'object' } },
            diff: { type: 'object' },
            diagnostics: { type: 'array', items: { type: 'object' } },
          },
        },
      },
      next_cursor: text,
    },
  },
};
