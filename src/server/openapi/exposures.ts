import type { Operation } from './operation.js';

const text = { type: 'string' };
const environment = { schema: text, description: 'For keys that are bound to no environment.' };
const time = { type: 'string', format: 'date-time' };

/** Routes about who met which variant. */
export const exposureOperations: readonly Operation[] = [
  {
    method: 'post',
    route: '/exposures',
    summary: 'Hand over who met which variant',
    description: 'Answered when it is safe. The same `Idempotency-Key` again counts once.',
    access: 'client, server or admin',
    headers: { 'Idempotency-Key': 'New for each batch, the same when it is sent again.' },
    body: 'Exposures',
    answers: {
      202: { description: 'It is safe.', schema: 'ExposuresTaken' },
      400: { description: 'The body is malformed.', schema: 'Problem' },
      503: { description: 'The server keeps no exposures, or cannot just now.', schema: 'Problem' },
    },
  },
  {
    method: 'get',
    route: '/flags/:key/exposures',
    summary: 'Who met which variant of an experiment, and whether the split holds',
    description:
      'One window for each time that the experiment was changed: the one that it is in now, then the newest first.',
    access: 'server or admin',
    query: {
      environment,
      from: { schema: time, description: 'Evaluations from this time on.' },
      to: { schema: time, description: 'Evaluations before this time.' },
      interval: { schema: { type: 'string', enum: ['hour', 'day'], default: 'day' }, description: 'Of the series.' },
    },
    answers: {
      200: { description: 'The windows.', schema: 'ExposureReport' },
      404: { description: 'There is no such flag.', schema: 'Problem' },
      503: { description: 'The server keeps no exposures, or cannot read them just now.', schema: 'Problem' },
    },
  },
  {
    method: 'get',
    route: '/flags/:key/metrics',
    summary: 'Evaluations by hour, variant and reason',
    description:
      'Those that this one process answered since it started, for a week at most: `since` tells from when on.',
    access: 'server or admin',
    query: {
      environment,
      hours: { schema: { type: 'integer', minimum: 1, maximum: 168, default: 24 }, description: 'How far back.' },
    },
    answers: {
      200: { description: 'The hours in which there were any, oldest first.', schema: 'FlagMetrics' },
      404: { description: 'There is no such flag.', schema: 'Problem' },
    },
  },
];

const count = { type: 'integer', minimum: 0 };
const fraction = { type: 'number', minimum: 0, maximum: 1 };
const list = (items: object) => ({ type: 'array', items });
const strict = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

export const exposureSchemas: Readonly<Record<string, object>> = {
  Exposures: strict(
    {
      exposures: list(
        strict({
          flag_key: text,
          variant_key: text,
          user_id: text,
          timestamp: time,
          reason: text,
          environment: text,
          version: text,
        }),
      ),
      events: list(
        strict(
          {
            name: text,
            user_id: text,
            timestamp: time,
            value: { type: 'number' },
            attributes: { type: 'object' },
            environment: text,
          },
          ['user_id', 'value', 'attributes'],
        ),
      ),
    },
    ['exposures', 'events'],
  ),
  ExposuresTaken: strict({
    accepted: count,
    ignored: { ...count, description: 'Exposures of what is no experiment here.' },
    duplicate: { type: 'boolean' },
  }),
  ExposureReport: strict({
    flag_key: text,
    environment: text,
    interval: { type: 'string', enum: ['hour', 'day'] },
    experiment: { type: 'boolean', description: 'The flag has one now.' },
    windows: list(
      strict({
        version: text,
        since: time,
        current: { type: 'boolean', description: 'The experiment is in it now.' },
        known: { type: 'boolean', description: 'false: nobody knows the split of these.' },
        variants: list(
          strict({
            variant_key: text,
            evaluations: count,
            unique_users: { ...count, description: 'Who met this variant and no other.' },
            share: fraction,
            expected_share: fraction,
          }),
        ),
        several_variants: { ...count, description: 'Users who met several.' },
        others: { type: 'object', additionalProperties: count, description: 'By reason; outside the experiment.' },
        exact: { type: 'boolean', description: 'false: users are estimated from a sample.' },
        sample_ratio: strict({
          state: { type: 'string', enum: ['too_few', 'balanced', 'suspected', 'skewed'] },
          p: fraction,
          deviation: { type: 'number', description: 'Percentage points.' },
          evidence: { type: ['number', 'null'], description: 'Against the split; from 1000 on it is skewed.' },
          leaks: list(text),
        }),
        series: list(strict({ start: time, evaluations: { type: 'object', additionalProperties: count } })),
      }),
    ),
  }),
  FlagMetrics: strict({
    flag_key: text,
    environment: text,
    since: { ...time, description: 'Nothing is known here of what was evaluated before.' },
    hours: list(
      strict({
        start: time,
        evaluations: list(strict({ variant_key: { type: ['string', 'null'] }, reason: text, count })),
      }),
    ),
  }),
};
