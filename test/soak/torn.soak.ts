import { describe, it } from 'vitest';
import { COMMITS, COMMITS_THAT_EMPTY, expectNothingTorn, SAVES, TORN_SAVES } from '../server/torn/writing.js';

const TIMES = 1000;

describe('a thousand times, no answer mixes two versions, and nobody matches who is in none', () => {
  it('of commits', () => expectNothingTorn(COMMITS, TIMES));
  it('of commits of which every other one empties the segment', () => expectNothingTorn(COMMITS_THAT_EMPTY, TIMES));
  it('of a working tree that is saved whole', () => expectNothingTorn(SAVES, TIMES));
  it('of a working tree in which the segment is half written at first', () => expectNothingTorn(TORN_SAVES, TIMES));
});
