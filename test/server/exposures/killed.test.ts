import { describe, it } from 'vitest';
import { survivesKills } from './killed.js';

describe('a server that is killed while exposures come in', () => {
  it('has all that it acknowledged, once', () => survivesKills(2), 120_000);
});
