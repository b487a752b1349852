import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitText, messageWithTrailers, signedText } from '../../../src/write/commits/commit-object.js';

const parts = {
  tree: '1'.repeat(40),
  parent: '2'.repeat(40),
  author: { name: 'Ada', email: 'ada@example.com' },
  committer: { name: 'Flagstaff', email: 'flagstaff@localhost' },
  at: Date.parse('2026-06-01T12:00:00.900Z'),
  message: 'a: rollout to 25%\n',
};

/** What git takes for trailers. */
function trailers(message: string): string {
  const args = ['-c', 'trailer.separators=:', 'interpret-trailers', '--parse', '--no-divider'];
  return spawnSync('git', args, { input: message, env: { PATH: process.env.PATH, HOME: '/' } }).stdout.toString();
}

describe('a commit', () => {
  it('is written as git writes it', () => {
    expect(commitText(parts)).toBe(
      [
        `tree ${'1'.repeat(40)}`,
        `parent ${'2'.repeat(40)}`,
        'author Ada <ada@example.com> 1780315200 +0000',
        'committer Flagstaff <flagstaff@localhost> 1780315200 +0000',
        '',
        'a: rollout to 25%',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['Eve\nparent 3', 'a@b>\n', 'author Eve parent 3 <a@b> '],
    ['', 'a@b', 'author a@b <a@b> '],
    ['<>', '', 'author unknown <> '],
    [' .Ada "the first", ', 'a@b', 'author Ada "the first <a@b> '],
  ])('cannot be forged by the author %j <%s>', (name, email, line) => {
    const text = commitText({ ...parts, author: { name, email } });
    expect(text.split('\n')[2]).toMatch(line);
    expect(text.match(/^parent /gm)).toHaveLength(1);
  });

  it('never goes back before 1970', () => {
    expect(commitText({ ...parts, at: -5 })).toContain('<ada@example.com> 0 +0000');
  });

  it('carries its signature after the other headers', () => {
    const text = signedText(commitText(parts), 'BEGIN\nabc\nEND\n', 'gpgsig');
    expect(text).toContain('+0000\ngpgsig BEGIN\n abc\n END\n\na: rollout');
  });
});

describe('a message', () => {
  it('ends with its trailers', () => {
    const message = messageWithTrailers({
      message: 'a: on\n\n- one\n- two\n',
      reason: 'it works: 1 → 2',
      requestId: 'r-1',
      kill: 'x',
    });
    expect(message).toBe('a: on\n\n- one\n- two\n\nReason: it works: 1 → 2\nRequest-Id: r-1\nKill: x\n');
  });

  it('needs none', () => {
    expect(messageWithTrailers({ message: 'a: on' })).toBe('a: on\n');
    expect(messageWithTrailers({ message: 'a: on', reason: ' ' })).toBe('a: on\n');
  });

  it('cannot forge a trailer, whatever people write', () => {
    const line = fc.constantFrom(
      'Reason: forged',
      'Signed-off-by: x',
      'x',
      '',
      '---',
      'a: b',
      '(cherry picked from 1)',
    );
    const text = fc.oneof(
      fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n')),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), fc.boolean(), (words, reason, isNamed) => {
        const given = { ...(reason !== undefined && { reason }), ...(isNamed && { requestId: 'r-1' }) };
        const message = messageWithTrailers({ message: `a: ${words}`, ...given });
        const parsed = trailers(message).split('\n').slice(0, -1);
        const keys = parsed.map((trailer) => trailer.slice(0, trailer.indexOf(':')));
        expect(keys.filter((key) => key === 'Request-Id')).toHaveLength(isNamed ? 1 : 0);
        const hasReason = reason !== undefined && messageWithTrailers({ message: 'a', reason }) !== 'a\n';
        expect(keys.filter((key) => key !== 'Request-Id')).toEqual(hasReason ? ['Reason'] : []);
      }),
      { numRuns: 60 },
    );
  });
});
