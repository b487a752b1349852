import { describe, expect, it } from 'vitest';
import { reviewLink } from '../../../src/write/commits/review-link.js';

const GITHUB = 'https://github.com/acme/flags/compare/main...flagstaff/a-1?expand=1';
const GITLAB =
  'https://gitlab.example.com/group/sub/flags/-/merge_requests/new?merge_request%5Bsource_branch%5D=flagstaff%2Fa-1&merge_request%5Btarget_branch%5D=main';

describe('where a proposal is reviewed', () => {
  it.each([
    ['https://github.com/acme/flags.git', GITHUB],
    ['https://github.com/acme/flags/', GITHUB],
    ['https://token:secret@github.com/acme/flags.git', GITHUB],
    ['git@github.com:acme/flags.git', GITHUB],
    ['github.com:acme/flags', GITHUB],
    ['ssh://git@github.com:22/acme/flags.git', GITHUB],
    ['https://gitlab.example.com:8443/group/sub/flags.git', GITLAB],
    ['git@gitlab.example.com:group/sub/flags.git', GITLAB],
    ['https://git.example.com/acme/flags.git', undefined],
    ['/srv/git/flags.git', undefined],
    ['https://github.com/', undefined],
  ])('is told by %s', (url, link) => expect(reviewLink(url, 'flagstaff/a-1', 'main')).toBe(link));
});
