import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { projectDirectory } from '../built.js';

/** Bytes, compressed. Measured at 25.1 kB; what reads patterns and ranges is loaded when a flag has one. */
const LIMIT = 26_000;

describe('the SDK in a browser', () => {
  it('is one bundle of a size that is looked after, and needs nothing of Node', { timeout: 60_000 }, async () => {
    const bundle = await rolldown({ input: 'src/sdk/browser.ts', platform: 'browser', cwd: projectDirectory });
    const { output } = await bundle.generate({ format: 'esm', minify: true });
    const [entry] = output;
    const chunks = output.filter((each) => each.type === 'chunk');
    const atOnce = chunks.filter(({ fileName }) => fileName === entry.fileName || entry.imports.includes(fileName));
    const size = atOnce.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
    expect(size).toBeLessThan(LIMIT);
    expect(atOnce.map(({ code }) => code).join('\n')).not.toMatch(/["']node:/);
    const libraries = atOnce
      .flatMap(({ modules }) => Object.keys(modules))
      .filter((path) => path.includes('node_modules'));
    expect(libraries.filter((path) => /\/(re2js|semver|ipaddr\.js|yaml|ajv|chokidar)\//.test(path))).toEqual([]);
    expect(entry.dynamicImports).toEqual([expect.stringMatching(/^notations-/)]);
  });
});
