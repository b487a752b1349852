import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { main } from '../../src/cli/main.js';
import { CONFIG_VARIABLE, everySetting, variableOf } from '../../src/cli/serve/names.js';
import { makeDirectory, memoryTerminal } from '../cli/memory-terminal.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { startTestServer, type TestServer } from '../server/running.js';

const read = (name: string) => readFileSync(`docs/deploy/${name}`, 'utf8');
const documents = (name: string) =>
  parseAllDocuments(read(name)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });

interface Container {
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

/** What a test looks at of a Kubernetes object. */
interface Manifest {
  readonly kind: string;
  readonly data: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly enableServiceLinks: boolean;
        readonly containers: readonly (Container & Readonly<Record<string, { httpGet: { path: string } }>>)[];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

const MANIFESTS = ['kubernetes.yaml', 'kubernetes-configmap.yaml'];
const VARIABLES = [CONFIG_VARIABLE, ...everySetting().map(([name]) => variableOf(name))];

let repository: TestRepository;
let server: TestServer;
let metrics: string;

beforeAll(async () => {
  const flag = 'key: banner\ntype: boolean\ndefault: on\n';
  repository = await makeRepository([
    { files: { 'flagstaff.yaml': 'environments: [production]\n', 'banner.flag.yaml': flag } },
  ]);
  server = await startTestServer({
    root: repository.dir,
    git: { ref: 'main', remote: repository.dir },
    hookSecret: 'a secret',
  });
  const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  await fetch(`${server.url}/ofrep/v1/evaluate/flags`, body);
  metrics = await (await fetch(`${server.url}/metrics`)).text();
});

afterAll(async () => {
  await server.close();
  await repository.remove();
});

/** What a server would do that is told so, by name. The files that it names need not be there. */
async function settingsOf(args: readonly string[], config?: string): Promise<Record<string, unknown>> {
  const { dir, remove } = await makeDirectory(config === undefined ? {} : { 'serve.yaml': config });
  const terminal = memoryTerminal({ cwd: dir });
  const here = args.map((arg) => (/^\/etc\/.*serve\.yaml$/.test(arg) ? 'serve.yaml' : arg));
  const code = await main([...here, '--print-config', '--format', 'json'], terminal);
  await remove();
  expect({ code, err: terminal.err() }).toEqual({ code: 0, err: '' });
  const { settings } = JSON.parse(terminal.out()) as { settings: Record<string, { value: unknown }> };
  return Object.fromEntries(Object.entries(settings).map(([name, { value }]) => [name, value]));
}

describe('the container', () => {
  const instructions = read('Dockerfile')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));

  it('is built in stages from one major version, and does not run as root', () => {
    const bases = instructions.filter((line) => line.startsWith('FROM')).map((line) => line.split(' ')[1]);
    expect(bases.length).toBeGreaterThan(1);
    for (const base of bases) expect(base).toMatch(/^node:\d+-[a-z]+-slim$/);
    expect(instructions.filter((line) => line.startsWith('USER'))).toEqual(['USER node']);
  });

  it('copies what there is, and starts a command that there is', async () => {
    const copied = instructions.flatMap((line) => /^COPY --from=build \/build\/(\S+)/.exec(line)?.[1] ?? []);
    const tracked = execFileSync('git', ['ls-files', '--', ...copied, 'bin/flagstaff.js'], { encoding: 'utf8' });
    for (const path of copied.filter((one) => one !== 'dist')) expect(tracked).toContain(path);
    expect(instructions).toContain('ENTRYPOINT ["tini", "--", "flagstaff"]');
    await settingsOf(JSON.parse(/^CMD (.*)$/.exec(instructions.at(-1) ?? '')?.[1] ?? ''));
  });

  it('names variables and paths that the program knows, and no secrets', async () => {
    const named = read('Dockerfile').match(/FLAGSTAFF_[A-Z_]+/g) ?? [];
    for (const name of named) expect(VARIABLES).toContain(name);
    expect(instructions.filter((line) => /^(ENV|ARG).*(SECRET|KEY|TOKEN|PASSWORD)/i.test(line))).toEqual([]);
    const check = instructions.find((line) => line.startsWith('HEALTHCHECK'));
    const [path] = /\/[a-z]+z\b/.exec(check ?? '') ?? [];
    expect((await fetch(server.url + path)).status).toBe(200);
  });

  it('is checked by a program that succeeds while the server is ready, and only then', async () => {
    const check = instructions.find((line) => line.startsWith('HEALTHCHECK'));
    const [, ...args] = JSON.parse(/CMD (\[.*\])$/.exec(check ?? '')?.[1] ?? '[]') as string[];
    const statusFor = async (port: string) => {
      const child = spawn(process.execPath, args, { env: { ...process.env, FLAGSTAFF_PORT: port } });
      const [status] = await once(child, 'close');
      return status as number;
    };
    expect(await statusFor(new URL(server.url).port)).toBe(0);
    expect(await statusFor('1')).toBe(1);
  });
});

describe('the systemd unit', () => {
  const unit = read('flagstaff.service');
  const said = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];

  it('starts a server as its configuration says', async () => {
    const [, ...args] = said('ExecStart')?.split(' ') ?? [];
    const settings = await settingsOf(args, read('serve.yaml'));
    expect(settings).toMatchObject({ source: 'git', remote: 'origin', keys: '/etc/flagstaff/keys.json' });
    for (const path of [settings.dir, settings.snapshot_cache])
      expect(path).toContain(`/var/lib/${said('StateDirectory')}/`);
    expect(said('ExecReload')).toContain('-HUP');
  });

  it('is made of sections with assignments', () => {
    const lines = unit.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of lines) expect(line).toMatch(/^(\[(Unit|Service|Install)\]|[A-Za-z]+=.*)$/);
    for (const name of ['NoNewPrivileges', 'ProtectHome', 'PrivateTmp']) expect(said(name)).toBe('yes');
    expect(said('User')).toBe('flagstaff');
  });
});

describe.each(MANIFESTS)('%s', (name) => {
  const all = documents(name);
  const deployment = all.find(({ kind }) => kind === 'Deployment');
  const pod = deployment?.spec.template.spec;
  const [container] = pod?.containers ?? [];

  it('runs two replicas of a server as its arguments and its configuration say', async () => {
    expect(deployment?.spec.replicas).toBe(2);
    expect(pod?.enableServiceLinks).toBe(false);
    const config = all.find(({ data }) => data?.['serve.yaml'] !== undefined)?.data['serve.yaml'];
    const settings = await settingsOf(container?.args ?? [], config);
    expect(settings).toMatchObject({ host: '0.0.0.0', port: 7700, trust_proxy: true });
    const mounts = container?.volumeMounts.map(({ mountPath }) => mountPath) ?? [];
    const named = [settings.dir, settings.keys, settings.snapshot_cache].filter((path) => typeof path === 'string');
    for (const path of named) expect(mounts.some((mount) => path === mount || path.startsWith(`${mount}/`))).toBe(true);
  });

  it('names variables that the program knows, volumes that there are, and probes that answer', async () => {
    for (const { name: variable } of container?.env ?? [])
      if (variable.startsWith('FLAGSTAFF_')) expect(VARIABLES).toContain(variable);
    const volumes = pod?.volumes.map((volume) => volume.name);
    for (const mount of container?.volumeMounts ?? []) expect(volumes).toContain(mount.name);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      const path = container?.[probe]?.httpGet.path;
      expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    }
  });
});

it('the flags in the ConfigMap pass the gate', async () => {
  const flags = documents('kubernetes-configmap.yaml').find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
  const { dir, remove } = await makeDirectory(flags);
  const terminal = memoryTerminal({ cwd: dir });
  expect(await main(['lint', dir], terminal)).toBe(0);
  await remove();
});

describe('the metrics that are looked at', () => {
  const dashboard = JSON.parse(read('grafana-dashboard.json')) as object;
  const alerts = documents('prometheus-alerts.yaml') as unknown as readonly {
    groups: readonly { rules: readonly { alert: string; expr: string; annotations: { summary: string } }[] }[];
  }[];

  const exported = () => new Set(metrics.match(/^[a-z0-9_]+(?=[ {])|(?<=^# TYPE )[a-z0-9_]+/gm));

  it.each([
    ['by the dashboard', JSON.stringify(dashboard)],
    ['by the alerts', JSON.stringify(alerts)],
    ['in docs/http.md', readFileSync('docs/http.md', 'utf8')],
  ])('%s are all exported', (_, text) => {
    const named = text.match(/\b(flagstaff|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(exported()).toContain(name);
  });

  it('have the labels that are asked for', () => {
    const labels = new Set(['le', 'job', 'instance', ...(metrics.match(/(?<=[{,])[a-z]+(?==")/g) ?? [])]);
    const asked =
      JSON.stringify([dashboard, alerts]).match(/(?<=\bby \()[^)]*|(?<=[{,] ?)[a-z]+(?=[!=]=?~?\\")/g) ?? [];
    expect(asked.length).toBeGreaterThan(10);
    for (const label of asked.flatMap((list) => list.split(', '))) expect(labels).toContain(label);
  });

  it('stand in docs/http.md, all of them', () => {
    const page = readFileSync('docs/http.md', 'utf8');
    const own = [...exported()].filter((name) => name.startsWith('flagstaff_'));
    expect(own.filter((name) => !page.includes(name.replace(/_(bucket|sum|count)$/, '')))).toEqual([]);
  });

  it('lead to alerts that say what is the matter', () => {
    const rules = alerts.flatMap(({ groups }) => groups.flatMap(({ rules: of }) => of));
    expect(rules.length).toBeGreaterThan(4);
    for (const { annotations } of rules) expect(annotations.summary).toMatch(/\{\{ \$/);
  });
});

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

it.skipIf(!hasPromtool)('the alerts fire when they should, as Prometheus sees it', () => {
  const file = join(process.cwd(), 'test/docs/prometheus-alerts.test.yaml');
  expect(execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })).toContain('SUCCESS');
});
