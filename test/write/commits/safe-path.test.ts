import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseOddPath } from '../../../src/write/commits/safe-path.js';

const isRefused = (path: string) => {
  try {
    refuseOddPath(path);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ name: 'Refusal', code: 'invalid-argument' });
    return true;
  }
};

describe('the path of a file', () => {
  it.each([
    'flagstaff.yaml',
    'a.flag.yaml',
    'checkout/one-page.flag.yaml',
    'a/b/c/beta-users.segment.yaml',
    'überraschung.flag.yaml',
    'a.production.override.yaml',
    'a.group.yaml',
    'a.test.yaml',
    'console.flag.yaml',
  ])('may be %s', (path) => expect(isRefused(path)).toBe(false));

  it.each([
    '',
    '/',
    '../x.flag.yaml',
    'a/../../x.flag.yaml',
    './x.flag.yaml',
    'a/./x.flag.yaml',
    '/etc/x.flag.yaml',
    'a//x.flag.yaml',
    'x.flag.yaml/',
    'x.flag.yaml/..',
    '.git/x.flag.yaml',
    '.GIT/hooks/x.flag.yaml',
    'a/.git/x.flag.yaml',
    '.git\u200c/x.flag.yaml',
    '.github/x.flag.yaml',
    'node_modules/x.flag.yaml',
    'a\0.flag.yaml',
    'a\n.flag.yaml',
    '\u202ea.flag.yaml',
    'a\\..\\x.flag.yaml',
    'C:x.flag.yaml',
    'git~1/*.flag.yaml',
    'a./x.flag.yaml',
    'a /x.flag.yaml',
    'CON.flag.yaml',
    'aux/x.flag.yaml',
    'lpt1.flag.yaml',
    '\ud800.flag.yaml',
    'README.md',
    'a.yaml',
    'a/flagstaff.yaml',
    `${'x'.repeat(10_000)}.flag.yaml`,
    `${'x'.repeat(250)}.flag.yaml`,
    `${'x/'.repeat(600)}a.flag.yaml`,
  ])('may not be %j', (path) => expect(isRefused(path)).toBe(true));

  it('is told in one short line', () => {
    expect(() => refuseOddPath(`a\n${'x'.repeat(10_000)}`)).toThrow(/^`a\?x{77}…` cannot be a file/);
  });

  it('never leads out of the flag repository', () => {
    const names = fc.constantFrom('..', '.', '.git', 'a', 'b.flag.yaml', '', '\0', '\\', 'nul', 'node_modules', '.x');
    fc.assert(
      fc.property(fc.array(names, { maxLength: 5 }), fc.constantFrom('.flag.yaml', ''), (parts, end) => {
        const path = parts.join('/') + end;
        fc.pre(!isRefused(path));
        expect(posix.normalize(path)).toBe(path);
        expect(posix.resolve('/flags', path).startsWith('/flags/')).toBe(true);
        expect(path).not.toMatch(/\.git\/|\0|\\/);
      }),
    );
  });
});
