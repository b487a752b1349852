import { STATES_WITHOUT_CODE } from '../../lifecycle/state.js';

const text = { type: 'string' };
const object = { type: 'object' };
const REASONS = ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR'];
const ERROR_CODES = [
  'FLAG_NOT_FOUND',
  'TYPE_MISMATCH',
  'PARSE_ERROR',
  'TARGETING_KEY_MISSING',
  'INVALID_CONTEXT',
  'PROVIDER_NOT_READY',
  'GENERAL',
];
const errorCode = { type: 'string', enum: ERROR_CODES };
const metadata = { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } };
const context = { type: 'object', description: '`targetingKey` and attributes of any name.' };

const asked = {
  context,
  user_id: { type: ['string', 'integer'], description: 'In place of `context`: the targetingKey.' },
  attributes: { type: 'object', description: 'Beside `user_id`: the other attributes.' },
  environment: text,
};

const ages = {
  type: 'object',
  description: 'Where `lifecycle` was asked for: what git tells of how old flags are.',
  required: ['known'],
  properties: {
    known: { type: 'boolean' },
    reason: { type: 'string', description: 'Why they are not known.' },
    cut_off_at: { type: 'string', description: 'A shallow clone hides what was before this commit.' },
  },
  additionalProperties: false,
};

function list(name: string, items: object, more: object = {}): object {
  const properties = { [name]: { type: 'array', items }, version: text, next_cursor: text, ...more };
  return { type: 'object', required: [name], properties };
}

function ref(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

/** The shapes of bodies and answers. */
export const schemas: Readonly<Record<string, object>> = {
  OfrepRequest: { type: 'object', properties: { context } },
  OfrepEvaluation: {
    type: 'object',
    required: ['key', 'reason', 'metadata'],
    properties: { key: text, value: {}, variant: text, reason: { type: 'string', enum: REASONS }, metadata },
    additionalProperties: false,
  },
  OfrepFailure: {
    type: 'object',
    required: ['errorCode', 'errorDetails', 'metadata'],
    properties: { key: text, errorCode, errorDetails: text, metadata: object },
    additionalProperties: false,
  },
  OfrepBulk: {
    type: 'object',
    required: ['flags', 'metadata'],
    properties: {
      flags: { type: 'array', items: { anyOf: [ref('OfrepEvaluation'), ref('OfrepFailure')] } },
      metadata,
      eventStreams: { type: 'array', items: object },
    },
    additionalProperties: false,
  },
  EvaluateRequest: { type: 'object', properties: asked, additionalProperties: false },
  EvaluateBulkRequest: {
    type: 'object',
    properties: { ...asked, flag_names: { type: 'array', items: text } },
    additionalProperties: false,
  },
  Evaluation: {
    type: 'object',
    required: ['flag_key', 'value', 'variant', 'enabled', 'reason', 'version'],
    properties: {
      flag_key: text,
      value: {},
      variant: { type: ['string', 'null'] },
      enabled: { type: 'boolean' },
      reason: text,
      rule: text,
      error_code: errorCode,
      version: text,
      evaluation_time_ms: { type: 'number' },
      bucket: { type: 'number' },
      trace: ref('Trace'),
    },
    additionalProperties: false,
  },
  Trace: {
    type: 'object',
    required: ['step', 'outcome', 'detail', 'children'],
    properties: { step: text, outcome: text, detail: text, children: { type: 'array', items: ref('Trace') } },
  },
  EvaluationList: {
    type: 'object',
    required: ['version', 'flags', 'evaluation_time_ms'],
    properties: {
      version: text,
      flags: { type: 'array', items: ref('Evaluation') },
      evaluation_time_ms: { type: 'number' },
    },
    additionalProperties: false,
  },
  Flag: {
    type: 'object',
    required: ['key', 'type', 'version'],
    properties: {
      key: text,
      type: text,
      state: { enum: ['active', 'archived'], description: 'Of a flag as it is written, `active` may be left out.' },
      default_value: {},
      environments: object,
      version: text,
      lifecycle: { type: 'string', enum: STATES_WITHOUT_CODE, description: 'Where a list was asked for it.' },
    },
  },
  FlagList: list('flags', ref('Flag'), { ages }),
  Segment: { type: 'object', required: ['key'], properties: { key: text, enabled: { type: 'boolean' } } },
  SegmentList: list('segments', ref('Segment')),
  Group: {
    type: 'object',
    required: ['key'],
    properties: {
      key: text,
      description: text,
      owner: text,
      bucket_by: text,
      file: text,
      version: text,
      slots: {
        type: 'array',
        items: {
          type: 'object',
          required: ['flag', 'range'],
          properties: { flag: text, range: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 } },
        },
      },
    },
  },
  GroupList: list('groups', ref('Group')),
  KeyList: list('flags', text),
  AuditList: list('entries', {
    type: 'object',
    required: ['version', 'time', 'author', 'message', 'changes'],
    properties: { version: text, time: text, author: object, message: text, changes: { type: 'array', items: object } },
  }),
  Snapshot: {
    type: 'object',
    required: ['format', 'environment', 'version', 'id', 'flags', 'segments'],
    properties: {
      format: { type: 'integer' },
      environment: text,
      version: text,
      id: text,
      flags: { type: 'array', items: object },
      segments: { type: 'array', items: object },
    },
  },
  Status: { type: 'object', properties: { status: text } },
  Reloaded: { type: 'object', required: ['version'], properties: { version: text } },
  Problem: {
    type: 'object',
    description: 'RFC 9457',
    required: ['type', 'title', 'status', 'detail', 'code'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      code: text,
      help: text,
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['pointer', 'message'],
          properties: { pointer: text, message: text, code: text, help: text, file: text },
        },
      },
    },
  },
};
