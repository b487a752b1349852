import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATORS } from '../../src/model/condition.js';
import { FLAG_TYPES, PURPOSES } from '../../src/model/flag.js';
import { check } from '../../src/project/compile.js';
import type { Project } from '../../src/project/project.js';
import { readDirectory } from '../../src/sources/directory.js';

/** The sample's dates are of the winter of 2026; so is the day on which it is linted here. */
const DAY = '2026-12-01';

let home: string;
let project: Project;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'flagstaff-sample-'));
  const { project: read, findings } = check(await readDirectory('flags'));
  if (!read) throw new Error(JSON.stringify(findings));
  project = read;
});

afterAll(() => rm(home, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(...argv: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  out(): string;
} {
  const child = spawn(process.execPath, ['bin/flagstaff.js', ...argv], { env: { PATH: process.env.PATH ?? '' } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended, out: () => out };
}

async function copied(name: string): Promise<string> {
  const dir = join(home, name);
  await cp('flags', dir, { recursive: true });
  return dir;
}

async function replaceIn(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
  await writeFile(file, text.replace(before, after));
}

/** Resolves as soon as the process has printed something that matches. */
async function printed({ child, out }: ReturnType<typeof start>, pattern: RegExp): Promise<void> {
  while (!pattern.test(out()) && child.stdout) await once(child.stdout, 'data');
}

describe('the sample repository', () => {
  it('lints clean', async () => {
    expect(await start('lint', 'flags', '--now', DAY, '--max-warnings', '0').ended).toMatchObject({ code: 0, err: '' });
  });

  it('has tests that pass and leave nothing out', async () => {
    const { code, out, err } = await start('test', 'flags', '--min-coverage', '100').ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/coverage {2}100 % \((\d+) of \1\)\n\d+ passed, 0 failed\n$/);
  });

  it('has tests that notice a rule that was moved to another country', async () => {
    const dir = await copied('moved');
    await replaceIn(join(dir, 'segments/premium-dach.segment.yaml'), '[DE, AT, CH]', '[DE, AT, NL]');
    const { code, out } = await start('test', dir).ended;
    expect(code).toBe(1);
    expect(out).toContain('segments/segments.test.yaml  Premium in CH\n');
    expect(out).toContain('segments/segments.test.yaml  Premium elsewhere\n');
  });

  it('has tests that notice a split that was changed', async () => {
    const dir = await copied('split');
    await replaceIn(
      join(dir, 'checkout/checkout.payments-v2.production.override.yaml'),
      '{ on: 80, off: 20 }',
      '{ on: 79, off: 21 }',
    );
    const { code, out } = await start('test', dir, '--filter', 'payments-v2').ended;
    expect(code).toBe(1);
    expect(out).toContain('In NL, for carts of up to 500\n');
    expect(out).toContain('expected  variant: on, reason: SPLIT, rule: Countries that are certified');
  });

  it('is not covered any more when a file of tests is gone', async () => {
    const dir = await copied('uncovered');
    await rm(join(dir, 'catalog/catalog.tablet-layout.test.yaml'));
    const { code, out, err } = await start('test', dir, '--min-coverage', '100').ended;
    expect({ code, err }).toEqual({ code: 1, err: 'the coverage is below 100 %\n' });
    expect(out).toContain('flag catalog.tablet-layout: rule `Tablets that can draw it`');
  });

  it('uses every operator, type and purpose', () => {
    const operators = new Set(project.comparisons.map(({ comparison }) => comparison.operator));
    expect(OPERATORS.filter((operator) => !operators.has(operator))).toEqual([]);
    const flags = [...project.flags.values()].map(({ data }) => data);
    expect(FLAG_TYPES.filter((type) => !flags.some((flag) => flag.type === type))).toEqual([]);
    expect(PURPOSES.filter((purpose) => !flags.some((flag) => flag.purpose === purpose))).toEqual([]);
  });

  it('uses every field that a flag, segment, group or project can have', async () => {
    const texts = (await readDirectory('flags')).filter(({ path }) => !path.endsWith('.test.yaml'));
    const text = texts.map((file) => file.text).join('\n');
    for (const name of ['project', 'flag', 'override', 'segment', 'group'] as const) {
      const schema = JSON.parse(await readFile(`schemas/${name}.schema.json`, 'utf8')) as { properties: object };
      const missing = Object.keys(schema.properties).filter((key) => !new RegExp(`\\b${key}:`).test(text));
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
  });
});

describe('flagstaff test --watch', () => {
  it('runs again when a file changes, and ends with 0 when it is interrupted', async () => {
    const dir = await copied('watched');
    const running = start('test', dir, '--watch', '--filter', 'tablet');
    await printed(running, /passed, 0 failed\n/);
    await replaceIn(join(dir, 'catalog/catalog.tablet-layout.flag.yaml'), 'ipad|', '');
    await printed(running, /passed, [1-9]\d* failed\n/);
    expect(running.out()).toContain('Tablets have room');
    running.child.kill('SIGINT');
    const { code, err } = await running.ended;
    expect({ code, err }).toEqual({ code: 0, err: `watching \`${dir}\`; Ctrl-C ends\n` });
  });
});
