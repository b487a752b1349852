import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATORS } from '../../src/model/condition.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { startTestServer, type TestServer } from '../server/running.js';
import { type Listener, listenTo } from '../server/stream/listener.js';

const EVENTS = ['snapshot', 'flag_updated', 'flag_archived', 'segment_updated', 'segment_removed', 'commit'] as const;

/** Everything that a flag, a group or a segment can say. */
const FILES = {
  'flagstaff.yaml': 'environments: [production]\ncontext: { plan: { type: string } }\n',
  'full.flag.yaml': `key: full
type: json
description: Said to people only
owner: team-a
purpose: release
remove_by: 2030-01-01
tags: [web]
expose: [server, client]
metadata: { ticket: A-1, weight: 2, live: true }
variants: { a: { deep: [1, null] }, b: null }
default: null
off_variant: a
starts_at: 2026-01-01
expires_at: 2030-01-01T00:00:00Z
overrides: { b: [vip] }
prerequisites: [{ flag: base, variants: [on] }]
rules:
  - name: Nested
    conditions:
      - all:
          - { attribute: plan, operator: eq, value: pro, ignore_case: true }
          - any:
              - { operator: in_segment, value: staff }
              - not: { operator: serves, flag: base, value: [on] }
    serve: a
  - conditions: [{ attribute: plan, operator: exists }]
    split: { a: 50, b: 50 }
rollout:
  split: { a: 50, b: 50 }
  steps: [{ at: 2027-01-01, percent: 10 }, { at: 2027-02-01, split: { a: 100 } }]
`,
  'tried.flag.yaml': `key: tried
type: number
variants: { one: 1, half: 0.5 }
default: one
experiment:
  hypothesis: Half is enough
  conditions: [{ attribute: plan, operator: eq, value: free }]
  percent: 50
  split: { one: 50, half: 50 }
`,
  'shop.group.yaml': 'key: shop\nslots: [{ flag: tried, range: [0, 40] }]\n',
  'base.flag.yaml': 'key: base\ntype: boolean\ndefault: on\n',
  'old.flag.yaml': 'key: old\ntype: string\nvariants: { a: x }\ndefault: a\n',
  'staff.segment.yaml': `key: staff
description: Said to people only
parent: everybody
conditions: [{ attribute: plan, operator: ne, value: free }]
included: [ada]
excluded: [eve]
`,
  'everybody.segment.yaml': 'key: everybody\nincluded: [ada, eve]\n',
  'gone.segment.yaml': 'key: gone\nincluded: [ada]\n',
};

const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  formats: { 'date-time': /T.*Z$/ },
});
const schemas = readdirSync('schemas/wire').map((file): object =>
  JSON.parse(readFileSync(`schemas/wire/${file}`, 'utf8')),
);
for (const schema of schemas) ajv.addSchema(schema);

function faults(event: string, data: unknown): string[] {
  if (ajv.validate(`${event}.schema.json`, data)) return [];
  return (ajv.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

let repository: TestRepository;
let server: TestServer;
let listener: Listener;
/** One of each event, as the server sent it. */
const sent = new Map<string, unknown[]>();

beforeAll(async () => {
  repository = await makeRepository([{ files: FILES }]);
  server = await startTestServer({ root: repository.dir, git: { ref: 'main' } }, repository.environment);
  listener = await listenTo(`${server.url}/stream`);
  const keep = ({ event = 'message', data }: { event?: string | undefined; data: string }) =>
    sent.set(event, [...(sent.get(event) ?? []), JSON.parse(data)]);
  keep(await listener.next());
  const text = 'key: staff\nconditions: [{ attribute: plan, operator: exists }]\n';
  await repository.commit({
    files: {
      'full.flag.yaml': FILES['full.flag.yaml'].replace('percent: 10', 'percent: 15'),
      'tried.flag.yaml': `${FILES['tried.flag.yaml']}state: archived\n`,
      'shop.group.yaml': null,
      'staff.segment.yaml': text,
      'old.flag.yaml': null,
      'gone.segment.yaml': null,
    },
  });
  const { refused } = await server.reload();
  expect(refused).toBeUndefined();
  for (;;) {
    const message = await listener.next();
    keep(message);
    if (message.event === 'commit') break;
  }
});

afterAll(async () => {
  listener.close();
  await server.close();
  await repository.remove();
});

describe('what a server sends', () => {
  it.each(EVENTS)('as %s is as its schema says', (event) => {
    const data = sent.get(event) ?? [];
    expect(data.length).toBeGreaterThan(0);
    for (const each of data) expect(faults(event, each)).toEqual([]);
  });

  it('as /snapshot is the event snapshot', async () => {
    const body = await (await fetch(`${server.url}/snapshot`)).json();
    expect(faults('snapshot', body)).toEqual([]);
  });

  it('has each property that the schemas know, so that none of them is only thought up', () => {
    const known = new Set(schemas.flatMap(propertiesIn));
    const seen = new Set([...sent.values()].flatMap(keysIn));
    expect([...known].filter((name) => !seen.has(name))).toEqual([]);
  });

  it.each(EVENTS)('as %s could hold nothing unknown without a schema noticing', (event) => {
    const [data] = sent.get(event) ?? [];
    const places = objectsIn(data).filter(({ path }) => !FREE.test(path));
    expect(places.length).toBeGreaterThan(0);
    for (const { path } of places) {
      const changed = structuredClone(data);
      const place = objectsIn(changed).find((one) => one.path === path);
      Object.assign(place?.value ?? {}, { surprise: 1 });
      expect(faults(event, changed), path).not.toEqual([]);
    }
  });
});

it('the schemas know the operators, and no others', () => {
  const text = JSON.stringify(schemas);
  const [, list = ''] = /"operator":\{"enum":(\[[^\]]*\])/.exec(text) ?? [];
  expect(JSON.parse(list)).toEqual(OPERATORS);
});

it('the schemas are named for the events that there are', () => {
  const names = readdirSync('schemas/wire').map((file) => file.replace('.schema.json', ''));
  expect(names.sort()).toEqual([...EVENTS, 'definition'].sort());
});

/** Objects whose names are the user's own, or whose content is a user's value. */
const FREE = /\/(variants|metadata|overrides|value)(\/|$)/;

interface Place {
  readonly path: string;
  readonly value: object;
}

function objectsIn(data: unknown, path = ''): Place[] {
  if (typeof data !== 'object' || data === null) return [];
  const inner = Object.entries(data).flatMap(([key, value]) => objectsIn(value, `${path}/${key}`));
  return Array.isArray(data) ? inner : [{ path, value: data }, ...inner];
}

function keysIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  const own = Array.isArray(data) ? [] : Object.keys(data);
  return [...own, ...Object.values(data).flatMap(keysIn)];
}

function propertiesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { readonly properties?: object };
  return [...Object.keys(properties), ...Object.values(schema).flatMap(propertiesIn)];
}
