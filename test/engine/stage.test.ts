import { describe, expect, it } from 'vitest';
import { stageAt, stagesOf } from '../../src/engine/stage.js';

const split = [{ variant: 'a', percent: 100 }];
const other = [{ variant: 'b', percent: 100 }];

describe('a stage of a rollout', () => {
  it('is the whole plan, for ever, without steps', () => {
    expect(stageAt({ percent: 20, split }, Number.MIN_SAFE_INTEGER)).toEqual({ percent: 20, split });
  });

  it('replaces what its step says and nothing that an earlier step said', () => {
    const plan = {
      split,
      steps: [
        { at: '2026-11-22', split: other },
        { at: '2026-11-23', percent: 5 },
      ],
    };
    expect(stageAt(plan, Date.parse('2026-11-21T23:59:59Z'))).toBeUndefined();
    expect(stageAt(plan, Date.parse('2026-11-22T00:00:00Z'))).toMatchObject({ split: other });
    expect(stageAt(plan, Date.parse('2026-11-23T00:00:00Z'))).toMatchObject({ split, percent: 5 });
  });

  it('never begins when its time is none', () => {
    expect(stagesOf({ steps: [{ at: 'soon' }] })[0]?.from).toBeNaN();
    expect(stageAt({ steps: [{ at: 'soon' }] }, Date.now())).toBeUndefined();
  });
});
