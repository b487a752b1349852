import { expect, it } from 'vitest';
import { FLAGSTAFF } from '../../project/files.js';
import { patchSegment } from './segment-patches.js';

it('a patch of a segment is whole: whoever fits neither its old rules nor its new ones never fits', async () => {
  const { patches, evaluations, wrong } = await patchSegment({ 'flagstaff.yaml': FLAGSTAFF }, 10);
  expect([patches, wrong]).toEqual([10, []]);
  expect(evaluations).toBeGreaterThan(10);
}, 120_000);
