import { describe, it } from 'vitest';
import { COMMITS, COMMITS_THAT_EMPTY, expectNothingTorn, SAVES, TORN_SAVES } from './torn/writing.js';

/** How often the files are written; `npm run soak` does it a thousand times. */
const TIMES = 25;

describe('no answer mixes two versions, and nobody matches who is in none', { timeout: 300_000 }, () => {
  it('of commits', () => expectNothingTorn(COMMITS, TIMES));
  it('of commits of which every other one empties the segment', () => expectNothingTorn(COMMITS_THAT_EMPTY, TIMES));
  it('of a working tree that is saved whole', () => expectNothingTorn(SAVES, TIMES));
  it('of a working tree in which the segment is half written at first', () => expectNothingTorn(TORN_SAVES, TIMES));
});
