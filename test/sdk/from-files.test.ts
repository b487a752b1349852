import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FlagstaffClient } from '../../src/sdk/index.js';
import { makeDirectory } from '../cli/memory-terminal.js';

const FILES = {
  'flagstaff.yaml': 'environments: [development, production]\n',
  'banner.flag.yaml': 'key: banner\ntype: boolean\ndefault: off\nenvironments: { production: { default: on } }\n',
  'word.flag.yaml': 'key: word\ntype: string\nvariants: { a: hello }\ndefault: a\n',
};

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function clientOf(
  files: Readonly<Record<string, string>>,
  options: Parameters<typeof FlagstaffClient.fromFiles>[1],
) {
  const { dir, remove } = await makeDirectory(files);
  const client = FlagstaffClient.fromFiles(dir, options);
  cleanups.push(async () => {
    await client.close();
    await remove();
  });
  const events: [string, unknown][] = [];
  for (const name of ['ready', 'changed', 'error'] as const) client.on(name, (details) => events.push([name, details]));
  return { dir, client, events };
}

describe('flags from files', () => {
  it('are served without a server, in the default environment or the one that is named', async () => {
    const { client } = await clientOf(FILES, { watch: false });
    expect(client.status()).toEqual({ state: 'NOT_READY', source: 'defaults' });
    expect(client.string('word', 'not yet')).toBe('not yet');
    await client.ready({ timeout: 20_000 });
    expect(client.string('word', '')).toBe('hello');
    expect(client.boolean('banner', true)).toBe(false);
    expect(client.status()).toMatchObject({ state: 'READY', source: 'files', environment: 'development' });
    const production = await clientOf(FILES, { watch: false, environment: 'production' });
    await production.client.ready();
    expect(production.client.boolean('banner', false)).toBe(true);
  });

  it('are followed; a broken file changes nothing but is told, and a mended one counts', async () => {
    const { dir, client, events } = await clientOf(FILES, {});
    await client.ready({ timeout: 20_000 });
    const before = client.status().version;
    await writeFile(join(dir, 'word.flag.yaml'), 'key: word\ntype: string\nvariants: { a: 1 }\ndefault: a\n');
    await expect
      .poll(() => client.status().error, { timeout: 20_000 })
      .toEqual({
        code: 'files',
        message: expect.stringMatching(/^word\.flag\.yaml:3:\d+: /),
      });
    expect(client.status()).toMatchObject({ state: 'READY', version: before });
    expect(client.string('word', '')).toBe('hello');
    await writeFile(join(dir, 'word.flag.yaml'), 'key: word\ntype: string\nvariants: { a: bye }\ndefault: a\n');
    await expect.poll(() => client.string('word', ''), { timeout: 20_000 }).toBe('bye');
    expect(client.status()).not.toHaveProperty('error');
    expect(events.map(([name]) => name)).toEqual(['ready', 'error', 'changed']);
    expect(events.at(-1)?.[1]).toMatchObject({ keys: ['word'] });
  });

  it('are defaults and an error when the first state is broken, until it is mended', async () => {
    const { dir, client, events } = await clientOf(
      { ...FILES, 'word.flag.yaml': 'key: word\n' },
      { defaults: { word: 'd' } },
    );
    await client.ready({ timeout: 20_000 });
    expect(client.status()).toMatchObject({ state: 'ERROR', source: 'defaults', error: { code: 'files' } });
    expect(client.string('word')).toBe('d');
    expect(client.stringDetails('word', 'otherwise')).toMatchObject({
      value: 'otherwise',
      errorCode: 'PROVIDER_NOT_READY',
    });
    await writeFile(join(dir, 'word.flag.yaml'), FILES['word.flag.yaml']);
    await expect.poll(() => client.string('word', ''), { timeout: 20_000 }).toBe('hello');
    expect(events.map(([name]) => name)).toEqual(['error', 'ready']);
  });

  it.each([
    ['a directory that is not there', { watch: true }, true, 'files', 'there is no directory'],
    [
      'an environment that is not there',
      { environment: 'staging' },
      false,
      'options',
      'there is no environment `staging`',
    ],
  ])('are defaults and an error with %s', async (_, options, isGone, code, message) => {
    const { dir, remove } = await makeDirectory(FILES);
    if (isGone) await rm(dir, { recursive: true });
    const client = FlagstaffClient.fromFiles(dir, { watch: false, ...options });
    await client.ready({ timeout: 20_000 });
    expect(client.status()).toMatchObject({
      state: 'ERROR',
      error: { code, message: expect.stringContaining(message) },
    });
    expect(client.boolean('banner', true)).toBe(true);
    await client.close();
    await remove();
  });

  it('may be closed at once', async () => {
    const { dir, remove } = await makeDirectory(FILES);
    await FlagstaffClient.fromFiles(dir).close();
    await remove();
  });
});
