import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/diagnostics/refusal.js';
import { fileRefusal, writingRefusal } from '../../../src/write/commits/complaints.js';
import { plumbing } from '../../../src/write/commits/plumbing.js';

const refusal = (complaint: string) =>
  writingRefusal(plumbing('/flags', {}, 1000), { ok: false, late: false, output: '', complaint });

describe('what keeps git from writing', () => {
  it.each([
    ['fatal: unable to write loose object file: No space left on device', 'unwritable', /no space left/],
    ['error: insufficient permission for adding an object to repository database', 'unwritable', /insufficient/],
    ["fatal: Unable to create '/flags/.git/x.lock': Read-only file system", 'unwritable', /read-only/],
    ["fatal: Unable to create '/flags/.git/x.lock': File exists.\n\nAnother git", 'contended', /\.git\/x\.lock/],
    ['fatal: not a git repository', 'not-a-git-repository', /not in a git repository/],
    ['fatal: something new', 'git-failed', /something new/],
  ])('as in %j is told', (complaint, code, message) => {
    expect(refusal(complaint)).toMatchObject({ name: 'Refusal', code, message });
  });
});

describe('what the file system says', () => {
  it('is a refusal', () => {
    const error = Object.assign(new Error('full'), { code: 'ENOSPC' });
    expect(fileRefusal('/flags', error)).toMatchObject({ code: 'unwritable', message: /ENOSPC/, cause: error });
  });

  it('and nothing else becomes one', () => {
    const [bug, refused] = [new TypeError('a bug'), new Refusal('contended', 'x')];
    expect([fileRefusal('/', bug), fileRefusal('/', refused), fileRefusal('/', 1)]).toEqual([bug, refused, 1]);
  });
});
