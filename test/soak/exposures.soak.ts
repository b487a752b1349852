import { describe, it } from 'vitest';
import { survivesKills } from '../server/exposures/killed.js';

describe('a server that is killed a hundred times while exposures come in', () => {
  it('has all that it acknowledged, once', () => survivesKills(100));
});
