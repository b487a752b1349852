import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FLAGSTAFF, flag } from '../../project/files.js';
import { JSON_PATCH, startWriting, type WritingServer } from '../writing/writing-server.js';

interface Described {
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

const ME = { targetingKey: 'ada' };
const TESTERS = { key: 'testers', included: ['ada'] };
const FRESH = { key: 'fresh', type: 'boolean', default_value: false };
const GROUP = { key: 'page', slots: [] };
const MERGE = { 'content-type': 'application/merge-patch+json' };
const STALE = { 'if-match': '"other"' };

type Request = readonly [number, string, string, unknown?, Readonly<Record<string, string>>?];

/** What is asked one after the other, as whoever may do everything: each route, and what it refuses. */
const REQUESTS: readonly Request[] = [
  [201, 'POST', '/flags?reason=why&directory=shop', FRESH],
  [409, 'POST', '/flags', FRESH],
  [400, 'POST', '/flags', { key: 'bad' }],
  [415, 'POST', '/flags', '<flag/>', { 'content-type': 'application/xml' }],
  [200, 'GET', '/flags/fresh'],
  [200, 'GET', '/flags/fresh?environment=staging'],
  [404, 'GET', '/flags/never'],
  [200, 'GET', '/flags?limit=1&environment=staging'],
  [400, 'GET', '/flags?limit=none'],
  [200, 'PATCH', '/flags/fresh', { owner: 'me' }, MERGE],
  [200, 'PATCH', '/flags/fresh', [{ op: 'test', path: '/owner', value: 'me' }], JSON_PATCH],
  [409, 'PATCH', '/flags/fresh', [{ op: 'test', path: '/owner', value: 'you' }], JSON_PATCH],
  [412, 'PATCH', '/flags/fresh', { owner: 'you' }, STALE],
  [404, 'PATCH', '/flags/never', {}],
  [200, 'PUT', '/flags/fresh', { type: 'boolean', default: 'on' }],
  [202, 'POST', '/flags/other/kill', { environment: 'staging', reason: 'INC-7' }],
  [404, 'POST', '/flags/never/kill', { environment: 'staging', reason: 'INC-7' }],
  [404, 'DELETE', '/flags/fresh/kill?environment=staging'],
  [201, 'POST', '/segments', TESTERS],
  [200, 'PUT', '/segments/testers', TESTERS],
  [200, 'PATCH', '/segments/testers', { included: ['ada', 'bob'] }],
  [200, 'GET', '/segments'],
  [200, 'GET', '/segments/testers'],
  [200, 'GET', '/segments/testers?environment=staging'],
  [200, 'GET', '/segments/testers/children'],
  [200, 'GET', '/segments/testers/flags'],
  [200, 'DELETE', '/segments/testers'],
  [201, 'POST', '/groups', GROUP],
  [200, 'PUT', '/groups/page', GROUP],
  [200, 'PATCH', '/groups/page', { description: 'apart' }],
  [200, 'GET', '/groups'],
  [200, 'GET', '/groups/page'],
  [200, 'GET', '/groups/page?environment=staging'],
  [200, 'DELETE', '/groups/page'],
  [200, 'POST', '/changes', { changes: [{ method: 'PATCH', path: '/flags/fresh', body: { owner: 'all' } }] }],
  [200, 'DELETE', '/flags/fresh'],
  [200, 'GET', '/flags/fresh'],
  [200, 'POST', '/flags/fresh/restore', {}],
  [200, 'GET', '/flags/fresh/audit?environment=staging&order=oldest'],
  [200, 'GET', '/audit?limit=2'],
  [200, 'GET', '/proposals'],
  [200, 'POST', '/ofrep/v1/evaluate/flags/fresh', { context: ME }],
  [404, 'POST', '/ofrep/v1/evaluate/flags/never', { context: ME }],
  [200, 'POST', '/ofrep/v1/evaluate/flags', { context: ME }],
  [200, 'POST', '/flags/fresh/evaluate?explain=true', { context: ME }],
  [200, 'POST', '/flags/evaluate-bulk', { context: ME }],
  [200, 'GET', '/snapshot'],
  [200, 'POST', '/reload', {}],
  [200, 'GET', '/status'],
  [200, 'GET', '/healthz'],
  [200, 'GET', '/readyz'],
  [200, 'GET', '/flags/fresh/metrics'],
  [503, 'GET', '/flags/fresh/exposures'],
  [503, 'POST', '/exposures', { exposures: [] }],
];

/** Of a server that makes proposals. */
const PROPOSALS: readonly Request[] = [
  [202, 'POST', '/flags', FRESH],
  [202, 'PATCH', '/flags/other', { owner: 'me' }],
  [200, 'PATCH', '/flags/other', {}],
  [202, 'DELETE', '/flags/other'],
  [202, 'POST', '/changes', { changes: [{ method: 'PATCH', path: '/flags/other', body: { owner: 'all' } }] }],
  [404, 'PATCH', '/flags/other?proposal=flagstaff/nothing', { owner: 'me' }],
  [200, 'GET', '/proposals?limit=1'],
];

/** What does not answer with JSON, or not soon, or not without more than this server has: others ask for it. */
const ELSEWHERE = [
  ...['get /metrics', 'get /docs', 'get /openapi.json', 'get /stream', 'get /ofrep/v1/stream'],
  ...['post /exposures', 'get /flags/{key}/exposures', 'delete /flags/{key}/kill'],
];

const FILES = { 'flagstaff.yaml': FLAGSTAFF, 'other.flag.yaml': flag('other') };

let writing: WritingServer;
let document: Document;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
beforeAll(async () => {
  writing = await startWriting(FILES);
  document = (await writing.send('GET', '/openapi.json')).body as unknown as Document;
  ajv.addSchema({ ...document }, 'api');
});
afterAll(() => writing.close());

function describedAt(method: string, path: string): Described | undefined {
  const known = document.paths[path]?.[method.toLowerCase()];
  if (known !== undefined) return known;
  const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
  return Object.entries(document.paths).find(
    ([template, methods]) => fits(template) && methods[method.toLowerCase()],
  )?.[1][method.toLowerCase()];
}

/** References in it are to the document as a whole. */
function inDocument(schema: object | undefined): object {
  return JSON.parse(JSON.stringify(schema ?? {}).replaceAll('"#/', '"api#/')) as object;
}

/** Asks, and holds the answer to its description. */
async function check(server: WritingServer, request: Request): Promise<Described | undefined> {
  const [status, method, target, body, headers] = request;
  const [path = '', query = ''] = target.split('?');
  const answer = await server.send(method, target, body, headers);
  const asked = `${method} ${target}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 400)}`;
  expect(answer.status, asked).toBe(status);
  const described = describedAt(method, path);
  const parameters = described?.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  expect(parameters, asked).toEqual(expect.arrayContaining([...new URLSearchParams(query).keys()]));
  const { content = {} } = described?.responses[answer.status] ?? described?.responses.default ?? {};
  const type = String(answer.headers.get('content-type')).replace(/;.*/, '');
  expect(Object.keys(content), asked).toEqual([type]);
  ajv.validate(inDocument(content[type]?.schema), answer.body);
  expect(ajv.errors, asked).toBeNull();
  return described;
}

it('is as it is described on every route, whatever is asked and whatever is refused', { timeout: 60_000 }, async () => {
  const succeeded = new Set<Described | undefined>();
  for (const request of REQUESTS) {
    const described = await check(writing, request);
    if (request[0] < 300) succeeded.add(described);
  }
  const missed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, one]) => (succeeded.has(one) ? [] : [`${method} ${path}`])),
  );
  expect(missed.sort()).toEqual([...ELSEWHERE].sort());
});

it('is as it is described where writes are proposals', { timeout: 60_000 }, async () => {
  const proposing = await startWriting(FILES, { writing: { mode: 'proposal' } });
  for (const request of PROPOSALS) await check(proposing, request);
  await proposing.close();
});
