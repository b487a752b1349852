import { expect, it } from 'vitest';
import { FLAGSTAFF } from '../project/files.js';
import { patchSegment } from '../server/writing/segment-patches.js';

it('a thousand patches of a segment are whole, each of them', async () => {
  const { patches, evaluations, wrong } = await patchSegment({ 'flagstaff.yaml': FLAGSTAFF }, 1000);
  expect([patches, wrong]).toEqual([1000, []]);
  expect(evaluations).toBeGreaterThan(1000);
});
