import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Store } from '../../../src/server/store.js';
import { makeDirectory } from '../../cli/memory-terminal.js';
import { FLAGSTAFF } from '../../project/files.js';
import { FLAGS } from '../ofrep/flags.js';
import { startTestServer } from '../running.js';
import { keyRingOf, makeKey, NOON, type Serving, serve } from '../serving.js';

const [serverKey, server] = makeKey(1, { role: 'server', environment: 'development' });
const [clientKey, client] = makeKey(2, { role: 'client', environment: 'development' });

interface Document extends Readonly<Record<string, unknown>> {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly operationId: string; readonly responses: object }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let serving: Serving;
beforeAll(async () => {
  serving = await serve(FLAGS, {
    keyRing: keyRingOf([server, client]),
    status: () => ({ serving: { version: 'abc' } }),
    gauges: () => [
      { name: 'flagstaff_reloads_total', help: 'Reloads.', type: 'counter', labels: { result: 'accepted' }, value: 3 },
      { name: 'flagstaff_reloads_total', help: 'Reloads.', type: 'counter', labels: { result: 'refused' }, value: 1 },
    ],
  });
});
afterAll(() => serving.close());

async function document(): Promise<Document> {
  return (await (await serving.get('/openapi.json')).json()) as Document;
}

describe('/metrics', () => {
  async function metrics() {
    return (await serving.get('/metrics')).text();
  }

  it('counts evaluations by environment, flag, variant and reason, and no made-up names', async () => {
    const ask = (path: string, body: object) => serving.post(path, body, { 'x-api-key': clientKey });
    await ask('/ofrep/v1/evaluate/flags/plain', {});
    await ask('/ofrep/v1/evaluate/flags/plain', {});
    await ask('/flags/plain/evaluate', {});
    await ask('/ofrep/v1/evaluate/flags', {});
    await ask('/ofrep/v1/evaluate/flags/made-up-name', {});
    const text = await metrics();
    const labels = 'environment="development",flag="plain",variant="on",reason="STATIC"';
    expect(text).toContain(`flagstaff_evaluations_total{${labels}} 4\n`);
    expect(text).not.toContain('made-up-name');
    expect(text).toContain('flag="",variant="",reason="ERROR_FALLBACK"} 1\n');
  });

  it('tells version, age, latencies and what other parts count', async () => {
    await serving.get('/nowhere-at-all');
    const text = await metrics();
    expect(text).toContain(
      `flagstaff_snapshot_info{version="${serving.store.current?.revision.version}",origin="worktree"} 1`,
    );
    expect(text).toContain('flagstaff_snapshot_age_seconds 0\n');
    expect(text).toContain('flagstaff_reloads_total{result="accepted"} 3');
    expect(text).toContain('flagstaff_reloads_total{result="refused"} 1');
    expect(text).toContain(
      'flagstaff_http_request_duration_seconds_count{method="POST",route="/flags/:key/evaluate",status="200"}',
    );
    expect(text).not.toContain('nowhere-at-all');
  });
});

describe('health', () => {
  it('is told apart: alive is not ready', async () => {
    expect((await serving.get('/healthz')).status).toBe(200);
    expect((await serving.get('/readyz')).status).toBe(200);
    const empty = await serve(FLAGS, { store: new Store(), clock: () => NOON });
    const { app } = empty;
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).statusCode).toBe(503);
    const answer = await app.inject({ method: 'POST', url: '/ofrep/v1/evaluate/flags/plain' });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    await empty.close();
  });

  it('shows the status in full to server keys only', async () => {
    const read = async (headers: Record<string, string>) => (await serving.get('/status', headers)).json();
    expect(await read({ 'x-api-key': serverKey })).toMatchObject({ status: 'serving', serving: { version: 'abc' } });
    expect(await read({ 'x-api-key': clientKey })).toEqual({ status: 'serving' });
    expect(await read({})).toEqual({ status: 'serving' });
  });
});

describe('/openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate({ ...(await document()) });
    expect(result).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('describes each route that the server has, and no other', async () => {
    const { paths } = await document();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const served = routesOf(serving);
    expect(described.sort()).toEqual(served.sort());
  });

  it('describes what a whole server answers besides: streams, reload and hooks', async () => {
    const { dir, remove } = await makeDirectory({ 'flagstaff.yaml': FLAGSTAFF, ...FLAGS });
    const whole = await startTestServer({ root: dir, hookSecret: 'a secret' });
    const { paths } = (await (await fetch(`${whole.url}/openapi.json`)).json()) as Document;
    const more = ['/snapshot', '/stream', '/ofrep/v1/stream', '/reload', '/hooks/push', '/hooks/kill'];
    expect(Object.keys(paths).sort()).toEqual([...Object.keys((await document()).paths), ...more].sort());
    await whole.close();
    await remove();
  });

  it('describes answers as they are', async () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(await document(), 'api');
    const check = (schema: string, answer: unknown) => {
      const valid = ajv.validate({ $ref: `api#/components/schemas/${schema}` }, answer);
      expect(ajv.errors, `${schema} ${JSON.stringify(answer).slice(0, 300)}`).toBeNull();
      expect(valid).toBe(true);
    };
    const headers = { 'x-api-key': serverKey };
    const get = async (path: string) => (await serving.get(path, headers)).json();
    const post = async (path: string, body: unknown) => (await serving.post(path, body, headers)).json();
    check('OfrepBulk', await post('/ofrep/v1/evaluate/flags', { context: { targetingKey: 'u' } }));
    check('OfrepEvaluation', await post('/ofrep/v1/evaluate/flags/colour', {}));
    check('OfrepFailure', await post('/ofrep/v1/evaluate/flags/nowhere', {}));
    check('Evaluation', await post('/flags/colour/evaluate?explain=true', { user_id: 'u' }));
    check('EvaluationList', await post('/flags/evaluate-bulk', { user_id: 'u', flag_names: ['colour', 'nowhere'] }));
    check('FlagList', await get('/flags?limit=2'));
    check('FlagList', await get('/flags?lifecycle=active'));
    check('Flag', await get('/flags/colour'));
    check('SegmentList', await get('/segments'));
    check('Segment', await get('/segments/members'));
    check('KeyList', await get('/segments/members/flags'));
    check('Problem', await get('/flags?limit=none'));
    check('Problem', await get('/nowhere'));
  });
});

describe('/docs', () => {
  it('is a page that loads nothing and runs nothing, with every route on it', async () => {
    const response = await serving.get('/docs');
    const html = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html).not.toMatch(/<script|<link|<img|src=|https?:\/\//);
    for (const path of Object.keys((await document()).paths))
      expect(html).toContain(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  });
});

/** `get /flags/{key}` of everything that the router knows but HEAD and the preflights. */
function routesOf({ app }: Serving): string[] {
  const found: string[] = [];
  const path: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false, includeHooks: false }).split('\n')) {
    const match = /^([│ ]*)[├└]── (\S*)(?: \(([^)]*)\))?/.exec(line);
    if (match === null) continue;
    const [, indent = '', part = '', methods = ''] = match;
    path.length = indent.length / 4;
    path.push(part);
    for (const method of methods.split(', ').filter((one) => one !== '' && one !== 'HEAD' && one !== 'OPTIONS')) {
      found.push(`${method.toLowerCase()} ${path.join('').replaceAll(/:(\w+)/g, '{$1}')}`);
    }
  }
  return found;
}
