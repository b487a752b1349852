/**
 * Generates the flag repositories of the `lint` benchmark: one plan of flags and segments, drawn from a
 * seed, written once as a Flagstaff repository and once as a Featurevisor project of the same content.
 *
 * @typedef {{ path: string, text: string }} File
 * @typedef {{ attribute: string, kind: 'in' | 'eq' | 'gte' | 'lt' | 'semver_gte' | 'starts_with', value: unknown }} Condition
 * @typedef {{ key: string, conditions: Condition[] }} Segment
 * @typedef {{ name: string, segment: string, percent: number }} Rule
 * @typedef {object} Flag
 * @property {string} key
 * @property {string} description
 * @property {string} owner
 * @property {string[]} tags
 * @property {string | undefined} requires the key of another flag
 * @property {Condition[]} trial who gets it beforehand, by conditions that stand in the flag itself
 * @property {{ staging: Rule[], production: Rule[] }} rules
 * @property {number} rollout percent of everyone else in production
 */

import { randomSource } from './random.mjs';

const COUNTRIES = ['DE', 'FR', 'NL', 'ES', 'US', 'IT', 'PL', 'SE', 'DK', 'NO', 'FI', 'PT', 'GB', 'IE', 'AT', 'CH'];
const AREAS = ['checkout', 'search', 'account', 'catalogue', 'shipping', 'pricing', 'support', 'mobile'];
const TAGS = ['web', 'ios', 'android', 'backend', 'partners'];
const FLAGS_PER_SEGMENT = 20;
const SEGMENTS_PER_FLAG = 3;

/** @type {Record<string, { type: string, featurevisor: string, description: string }>} */
const ATTRIBUTES = {
  plan: { type: 'string', featurevisor: 'string', description: 'What the customer pays for' },
  country: { type: 'string', featurevisor: 'string', description: 'Where the customer is (ISO 3166-1 alpha-2)' },
  email_domain: { type: 'string', featurevisor: 'string', description: 'The part of the address after the at sign' },
  account_age_days: { type: 'number', featurevisor: 'integer', description: 'Days since the account was opened' },
  orders: { type: 'number', featurevisor: 'integer', description: 'How many orders the customer has placed' },
  app_version: { type: 'semver', featurevisor: 'semver', description: 'The version of the application' },
};

/** @param {number} count how many flags @returns {{ flags: Flag[], segments: Segment[] }} */
export function plan(count) {
  const random = randomSource(count);
  const segments = Array.from({ length: segmentCount(count) }, (_, index) => segment(random, index));
  const flags = Array.from({ length: count }, (_, index) => flag(random, index, segments));
  return { flags, segments };
}

/** Enough for the segments of one flag to differ. @param {number} flags */
function segmentCount(flags) {
  return Math.max(SEGMENTS_PER_FLAG, Math.ceil(flags / FLAGS_PER_SEGMENT));
}

/** @param {ReturnType<typeof randomSource>} random @param {number} index @returns {Segment} */
function segment(random, index) {
  return { key: `audience-${index}`, conditions: conditions(random, index) };
}

/** @param {ReturnType<typeof randomSource>} random @param {number} index @returns {Condition[]} */
function conditions(random, index) {
  const age = random.integer(1, 2000);
  return [
    { attribute: 'country', kind: 'in', value: random.sample(COUNTRIES, random.integer(2, 5)) },
    { attribute: 'plan', kind: 'eq', value: random.pick(['free', 'pro', 'enterprise']) },
    random.pick([
      { attribute: 'account_age_days', kind: 'gte', value: age },
      { attribute: 'orders', kind: 'lt', value: random.integer(5, 500) },
      {
        attribute: 'app_version',
        kind: 'semver_gte',
        value: `${random.integer(1, 9)}.${random.integer(0, 30)}.${index % 40}`,
      },
      { attribute: 'email_domain', kind: 'starts_with', value: `partner-${index}` },
    ]),
  ];
}

/** @param {ReturnType<typeof randomSource>} random @param {number} index @param {Segment[]} segments @returns {Flag} */
function flag(random, index, segments) {
  const area = AREAS[index % AREAS.length];
  const audience = (/** @type {number} */ step) =>
    segments[(Math.floor(index / FLAGS_PER_SEGMENT) + step) % segments.length].key;
  return {
    key: `${area}.feature-${index}`,
    description: `Lets customers of ${area} see feature ${index}`,
    owner: `team-${area}`,
    tags: random.sample(TAGS, 2),
    requires: index % 5 === 4 ? `${AREAS[(index - 3) % AREAS.length]}.feature-${index - 3}` : undefined,
    trial: conditions(random, index),
    rules: {
      staging: [{ name: 'Everyone in the audience', segment: audience(0), percent: 100 }],
      production: [
        { name: 'Audience first', segment: audience(0), percent: 100 },
        { name: 'Half of the neighbours', segment: audience(1), percent: 50 },
        { name: 'A few more', segment: audience(2), percent: random.integer(1, 40) },
      ],
    },
    rollout: random.integer(1, 99),
  };
}

// --- as a Flagstaff repository -----------------------------------------------------------------------

/** @param {ReturnType<typeof plan>} generated @returns {File[]} */
export function flagstaffRepository({ flags, segments }) {
  return [
    { path: 'flagstaff.yaml', text: project() },
    ...segments.map((item) => ({ path: `segments/${item.key}.segment.yaml`, text: flagstaffSegment(item) })),
    ...flags.map((item) => ({ path: `${item.key.split('.')[0]}/${item.key}.flag.yaml`, text: flagstaffFlag(item) })),
  ];
}

function project() {
  const attributes = Object.entries(ATTRIBUTES).map(
    ([name, { type, description }]) => `  ${name}: { type: ${type}, description: ${description} }`,
  );
  return lines('environments: [production, staging]', 'context:', attributes);
}

/** @param {Segment} item */
function flagstaffSegment({ key, conditions }) {
  return lines(
    `key: ${key}`,
    `description: The customers of ${key}`,
    'owner: team-audiences',
    'conditions:',
    conditions.map((condition) => `  - ${flagstaffCondition(condition)}`),
  );
}

/** @param {Flag} item */
function flagstaffFlag(item) {
  return lines(
    `key: ${item.key}`,
    `description: ${item.description}`,
    'type: boolean',
    `owner: ${item.owner}`,
    `tags: [${item.tags.join(', ')}]`,
    'purpose: operational',
    'default: off',
    item.requires === undefined ? [] : ['prerequisites:', `  - { flag: ${item.requires}, variants: [on] }`],
    'rules:',
    '  - name: Trial',
    '    conditions:',
    item.trial.map((condition) => `      - ${flagstaffCondition(condition)}`),
    '    serve: on',
    item.rules.production.flatMap((rule) => flagstaffRule(rule, '  ')),
    'rollout:',
    `  split: { on: ${item.rollout} }`,
    'environments:',
    '  staging:',
    '    rules:',
    item.rules.staging.flatMap((rule) => flagstaffRule(rule, '      ')),
  );
}

/** @param {Rule} rule @param {string} indent */
function flagstaffRule({ name, segment, percent }, indent) {
  const outcome = percent === 100 ? 'serve: on' : `split: { on: ${percent}, off: ${100 - percent} }`;
  return [
    `${indent}- name: ${name}`,
    `${indent}  conditions:`,
    `${indent}    - { operator: in_segment, value: ${segment} }`,
    `${indent}  ${outcome}`,
  ];
}

/** @param {Condition} condition */
function flagstaffCondition({ attribute, kind, value }) {
  const written = Array.isArray(value) ? `[${value.map(quoteCountry).join(', ')}]` : value;
  return `{ attribute: ${attribute}, operator: ${kind}, value: ${written} }`;
}

/** YAML 1.1 reads `NO` as false. Flagstaff does not, Featurevisor's parser neither; a person quotes it all the same. */
function quoteCountry(value) {
  return value === 'NO' ? `'NO'` : value;
}

// --- as a Featurevisor project -----------------------------------------------------------------------

/** @param {ReturnType<typeof plan>} generated @returns {File[]} */
export function featurevisorProject({ flags, segments }) {
  const config = lines(
    'module.exports = {',
    `  environments: ['staging', 'production'],`,
    `  tags: [${TAGS.map((tag) => `'${tag}'`).join(', ')}],`,
    '};',
  );
  return [
    { path: 'featurevisor.config.js', text: config },
    { path: 'package.json', text: '{ "private": true, "type": "commonjs" }\n' },
    ...Object.entries({ userId: { featurevisor: 'string', description: 'Who it is' }, ...ATTRIBUTES }).map(
      ([name, { featurevisor, description }]) => ({
        path: `attributes/${name}.yml`,
        text: lines(`type: ${featurevisor}`, `description: ${description}`),
      }),
    ),
    ...segments.map((item) => ({ path: `segments/${item.key}.yml`, text: featurevisorSegment(item) })),
    ...flags.map((item) => ({ path: `features/${item.key}.yml`, text: featurevisorFeature(item) })),
  ];
}

/** @param {Segment} item */
function featurevisorSegment({ key, conditions }) {
  return lines(
    `description: The customers of ${key}`,
    'conditions:',
    '  and:',
    conditions.map((condition) => `    - ${featurevisorCondition(condition)}`),
  );
}

/** @param {Flag} item */
function featurevisorFeature(item) {
  const everyone = { name: 'everyone', segment: '"*"', percent: item.rollout };
  return lines(
    `description: ${item.description}`,
    `tags: [${item.tags.join(', ')}]`,
    'bucketBy: userId',
    item.requires === undefined ? [] : ['required:', `  - ${item.requires}`],
    'environments:',
    '  staging:',
    '    rules:',
    item.rules.staging.flatMap(featurevisorRule),
    '  production:',
    '    force:',
    '      - conditions:',
    '          and:',
    item.trial.map((condition) => `            - ${featurevisorCondition(condition)}`),
    '        enabled: true',
    '    rules:',
    [...item.rules.production, everyone].flatMap(featurevisorRule),
  );
}

/** @param {Rule} rule */
function featurevisorRule({ name, segment, percent }, index) {
  return [
    `      - key: "${index + 1}"`,
    `        description: ${name}`,
    `        segments: ${segment}`,
    `        percentage: ${percent}`,
  ];
}

const OPERATORS = {
  in: 'in',
  eq: 'equals',
  gte: 'greaterThanOrEquals',
  lt: 'lessThan',
  semver_gte: 'semverGreaterThanOrEquals',
  starts_with: 'startsWith',
};

/** @param {Condition} condition */
function featurevisorCondition({ attribute, kind, value }) {
  const written = Array.isArray(value) ? `[${value.map(quoteCountry).join(', ')}]` : value;
  return `{ attribute: ${attribute}, operator: ${OPERATORS[kind]}, value: ${written} }`;
}

/** @param {(string | string[])[]} parts */
function lines(...parts) {
  return `${parts.flat().join('\n')}\n`;
}
