import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { projectDirectory } from '../built.js';

/**
 * Bytes, compressed. Measured at 34.3 kB, of which semver is 5.7 and ipaddr.js 3.6; what compiles patterns is a chunk
 * of its own, loaded when a flag has one.
 */
const LIMIT = 35_500;

describe('the SDK in a browser', () => {
  it('is one bundle of a size that is looked after, and needs nothing of Node', { timeout: 60_000 }, async () => {
    const bundle = await rolldown({ input: 'src/sdk/browser.ts', platform: 'browser', cwd: projectDirectory });
    const { output } = await bundle.generate({ format: 'esm', minify: true });
    const [entry, ...others] = output;
    expect(gzipSync(entry.code).length).toBeLessThan(LIMIT);
    expect(entry.imports).toEqual([]);
    expect(entry.code).not.toMatch(/["']node:/);
    const heavy = Object.keys(entry.modules).filter((path) => /node_modules\/(re2js|yaml|ajv|chokidar)\//.test(path));
    expect(heavy).toEqual([]);
    expect(others.map((chunk) => chunk.fileName)).toEqual([expect.stringMatching(/^regex-/)]);
  });
});
