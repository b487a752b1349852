import { describe, expect, it } from 'vitest';
import { reviewGithub } from '../../src/report/review-github.js';
import { reviewMarkdown } from '../../src/report/review-markdown.js';
import { reviewText } from '../../src/report/review-text.js';
import { type Review, type ReviewOptions, review } from '../../src/review/review.js';
import type { SourceFile } from '../../src/syntax/source-file.js';

const now = Date.parse('2026-06-01T00:00:00Z');

type Files = Readonly<Record<string, unknown>>;

/** JSON is YAML. */
function sources(files: Files): SourceFile[] {
  return Object.entries(files).map(([path, data]) => ({
    path,
    text: typeof data === 'string' ? data : JSON.stringify(data),
  }));
}

const project = (more: object = {}) => ({ 'flagstaff.yaml': { environments: ['development', 'production'], ...more } });
const flag = (more: object = {}, key = 'a') => ({
  [`${key}.flag.yaml`]: { key, type: 'boolean', owner: 'x', default: 'off', rollout: { split: { on: 10 } }, ...more },
});

function judge(before: Files, after: Files, more: Partial<ReviewOptions> & { readonly policy?: Files } = {}): Review {
  const { policy = before, ...rest } = more;
  const sides = {
    before: { name: 'base', files: sources(before) },
    after: { name: 'working tree', files: sources(after) },
  };
  return review({ base: sources(policy), ...sides, now, ...rest });
}

const codes = ({ findings }: Review) => findings.map(({ code, severity }) => `${severity} ${code}`);
const line = ({ policy }: Review, rule: string) => policy.find((each) => each.rule === rule);

describe('the policy', () => {
  const strict = { lint: { 'context/unknown-attribute': 'error' }, context: { plan: { type: 'string' } } };
  const asking = flag({ rules: [{ name: 'r', conditions: [{ attribute: 'paln', operator: 'exists' }], serve: 'on' }] });
  const using = { rules: [{ name: 'r', conditions: [{ attribute: 'plan', operator: 'exists' }], serve: 'on' }] };

  it('is that of the base: a change cannot loosen the rules it is judged by', () => {
    const before = { ...project(strict), ...flag(using) };
    const after = {
      ...project({ ...strict, lint: { 'context/unknown-attribute': 'off', 'review/policy-changed': 'off' } }),
      ...flag(using),
      ...asking,
    };
    const result = judge(before, after);
    expect(result.verdict).toBe('fail');
    expect(codes(result)).toContain('error context/unknown-attribute');
    expect(codes(result)).toContain('warning review/policy-changed');
  });

  it('is that of the newest base, and only what the change itself does to it is told', () => {
    const began = { ...project(), ...flag() };
    const newest = { ...project({ lint: { 'hygiene/missing-owner': 'error' } }), ...flag() };
    const result = judge(began, { ...project(), ...flag({ owner: undefined }) }, { policy: newest });
    expect(codes(result)).toContain('error hygiene/missing-owner');
    expect(codes(result)).not.toContain('warning review/policy-changed');
  });

  it('goes on to protect an environment that the change unprotects', () => {
    const before = { ...project({ protected: ['production'] }), ...flag() };
    const after = { ...project(), ...flag({ environments: { production: { rollout: { split: { on: 100 } } } } }) };
    const result = judge(before, after);
    expect(codes(result)).toContain('error reference/protected-environment');
    expect(codes(result)).toContain('warning review/policy-changed');
  });

  it('sets the severity of its own rules too', () => {
    const config = project({ lint: { 'review/owner-changed': 'error', 'review/removed-flag': 'off' } });
    const result = judge({ ...config, ...flag(), ...flag({}, 'b') }, { ...config, ...flag({ owner: 'y' }) });
    expect(codes(result)).toEqual(['error review/owner-changed']);
    expect(line(result, 'review/removed-flag')).toEqual({ rule: 'review/removed-flag', ok: true, detail: 'off' });
  });
});

describe('what is told', () => {
  it('is every error, and of the rest what is new', () => {
    const config = project({ lint: { 'hygiene/file-name': 'error' } });
    const odd = {
      'other.flag.yaml': { key: 'odd', type: 'boolean', default: 'off', owner: 'x', rollout: { split: { on: 5 } } },
    };
    const before = { ...config, ...odd, ...flag({ owner: undefined }) };
    const after = {
      ...config,
      ...odd,
      ...flag({ owner: undefined, description: 'new' }),
      ...flag({ owner: undefined }, 'b'),
    };
    expect(codes(judge(before, after))).toEqual(['error hygiene/file-name', 'warning hygiene/missing-owner']);
  });

  it('is the gate alone when the change cannot be served', () => {
    const result = judge({ ...project(), ...flag() }, { ...project(), ...flag({ default: 'maybe' }) });
    expect(result).toMatchObject({ verdict: 'fail', findings: [{ code: 'reference/unknown-variant' }] });
    expect(result.delta).toBeUndefined();
    expect(line(result, 'tests')).toMatchObject({ ok: null });
  });

  it('lets the change through that mends a broken base', () => {
    const result = judge({ ...project(), ...flag({ default: 'maybe' }) }, { ...project(), ...flag() });
    expect(codes(result)).toEqual(['warning review/broken-base']);
    expect(result.verdict).toBe('pass');
  });

  it('takes a base without flags for an empty one', () => {
    const result = judge({ 'README.md': '' }, { ...project(), ...flag() });
    expect(result.verdict).toBe('pass');
    expect(result.delta?.changes.map(({ kind }) => kind)).toEqual(['flag_created']);
  });

  it('is a failed flag test', () => {
    const test = {
      'a.test.yaml': {
        flag: 'a',
        cases: [{ name: 'off', expect: { variant: 'on' }, context: { targetingKey: 'u' }, bucket: 50 }],
      },
    };
    const result = judge({ ...project(), ...flag() }, { ...project(), ...flag(), ...test });
    expect(result).toMatchObject({ verdict: 'fail', findings: [], tests: { results: [{ ok: false }] } });
    expect(line(result, 'tests')).toEqual({ rule: 'tests', ok: false, detail: '0 passed, 1 failed' });
  });
});

describe('keys', () => {
  it('that change are told once, wherever the file goes', () => {
    const before = { ...project(), ...flag() };
    const moved = judge(before, { ...project(), ...flag({}, 'b') });
    const inPlace = judge(before, { ...project(), 'a.flag.yaml': { ...flag({ default: 'on' }, 'b')['b.flag.yaml'] } });
    expect(codes(moved)).toEqual(['error review/key-changed']);
    expect(codes(inPlace).filter((code) => code.includes('review/'))).toEqual(['error review/key-changed']);
  });

  it('of archived flags may be left, and come back as they were', () => {
    const before = { ...project(), ...flag({ state: 'archived' }), ...flag({}, 'b') };
    expect(codes(judge(before, { ...project(), ...flag({}, 'b') }))).toEqual([]);
    expect(codes(judge(before, { ...project(), ...flag(), ...flag({}, 'b') }))).toEqual([]);
    expect(codes(judge(before, { ...project(), ...flag({ description: 'new' }), ...flag({}, 'b') }))).toEqual([
      'error review/reused-key',
    ]);
  });
});

describe('owners', () => {
  const owned = (owner: string | undefined) => ({
    ...project(),
    ...flag({ rules: [{ name: 'r', conditions: [{ operator: 'in_segment', value: 's' }], serve: 'on' }] }),
    's.segment.yaml': { key: 's', included: ['u'], ...(owner === undefined ? {} : { owner }) },
  });

  it('of segments are told when they change or go, not when one takes up what nobody owned', () => {
    expect(judge(owned('x'), owned('y')).findings).toMatchObject([
      { code: 'review/owner-changed', file: 's.segment.yaml', message: 'the segment `s` goes from `x` to `y`' },
    ]);
    expect(judge(owned('x'), owned(undefined)).findings[0]?.message).toBe('the segment `s` goes from `x` to nobody');
    expect(codes(judge(owned(undefined), owned('y')))).toEqual([]);
  });
});

describe('a running experiment', () => {
  const experiment = (more: object, rest: object = {}) => ({
    ...project(),
    ...flag({ rollout: undefined, experiment: { percent: 20, split: { on: 50, off: 50 }, ...more }, ...rest }),
  });

  it.each<[string, Files]>([
    ['another split', experiment({ split: { on: 60, off: 40 } })],
    ['another order', experiment({ split: { off: 50, on: 50 } })],
    ['another seed', experiment({}, { seed: 'new' })],
    ['another unit', experiment({}, { bucket_by: 'company' })],
  ])('is disturbed by %s', (_, after) => {
    expect(codes(judge(experiment({}), after))).toEqual([
      'error review/running-experiment',
      'error review/running-experiment',
    ]);
  });

  it.each<[string, Files]>([
    ['growth', experiment({ percent: 80 })],
    ['its end', { ...project(), ...flag({ rollout: { split: { on: 100 } }, description: 'on won' }) }],
    ['the kill switch', experiment({ split: { on: 60, off: 40 } }, { enabled: false })],
  ])('is not disturbed by %s', (_, after) => {
    expect(codes(judge(experiment({}), after)).filter((code) => code.includes('running-experiment'))).toEqual([]);
  });

  it('is one only where and when it runs', () => {
    const later = { starts_at: '2026-07-01' };
    expect(codes(judge(experiment({}, later), experiment({ split: { on: 60, off: 40 } }, later)))).toEqual([]);
    const where = { environments: { production: { enabled: false } } };
    const [finding, ...others] = judge(
      experiment({}, where),
      experiment({ split: { on: 60, off: 40 } }, where),
    ).findings;
    expect(finding?.message).toContain('running in development');
    expect(others).toEqual([]);
  });
});

describe('the impact', () => {
  const limited = (more: object = {}) =>
    project({ review: { max_impact: { production: 10 } }, context: { country: { type: 'string' } }, ...more });
  const rollout = (on: number) => ({ ...limited(), ...flag({ rollout: { split: { on } } }) });
  const ruled = (value: string, on = 10) => ({
    ...limited(),
    ...flag({
      rollout: { split: { on } },
      rules: [{ name: 'r', conditions: [{ attribute: 'country', operator: 'eq', value }], serve: 'on' }],
    }),
  });

  it('beyond the limit is an error when it is exact', () => {
    const result = judge(rollout(10), rollout(50));
    expect(codes(result)).toEqual(['error review/impact']);
    expect(result.findings[0]?.message).toBe(
      '`a` gives 40% of users in production something else, and 10% is the limit',
    );
    expect(line(result, 'max_impact.production')).toEqual({
      rule: 'max_impact.production',
      ok: false,
      detail: 'beyond 10%: a',
    });
  });

  it('up to the limit is fine, and so is one that somebody accepts', () => {
    expect(codes(judge(rollout(10), rollout(20)))).toEqual([]);
    const accepted = judge(rollout(10), rollout(50), { acceptedBy: 'ada' });
    expect(codes(accepted)).toEqual([]);
    expect(line(accepted, 'max_impact.production')).toMatchObject({
      ok: true,
      detail: 'beyond 10%: a; accepted by ada',
    });
  });

  it('of made-up contexts is unknown, unless the ranges keep it below the limit', () => {
    const result = judge(ruled('DE'), ruled('FR'));
    expect(codes(result)).toEqual(['warning review/impact-unknown']);
    expect(result.verdict).toBe('pass');
    expect(line(result, 'max_impact.production')).toMatchObject({ ok: null, detail: 'unknown: a' });
    expect(codes(judge(ruled('DE', 10), ruled('DE', 18)))).toEqual([]);
    expect(codes(judge(ruled('DE', 10), ruled('DE', 30)))).toEqual(['warning review/impact-unknown']);
  });

  it('of real contexts counts', () => {
    const contexts = (germans: number) => ({
      source: 'real.ndjson',
      contexts: Array.from({ length: 100 }, (_, at) => ({
        targetingKey: `u${at}`,
        country: at < germans ? 'DE' : 'AT',
      })),
    });
    expect(codes(judge(ruled('DE', 0), ruled('FR', 0), { contexts: contexts(40) }))).toContain('error review/impact');
    expect(codes(judge(ruled('DE', 0), ruled('FR', 0), { contexts: contexts(5) }))).not.toContain(
      'error review/impact',
    );
  });

  it('of no contexts at all is unknown', () => {
    const contexts = { source: 'empty.ndjson', contexts: [] };
    expect(codes(judge(ruled('DE'), ruled('FR'), { contexts }))).toEqual(['warning review/impact-unknown']);
  });

  it('of a step that will come counts', () => {
    const steps = {
      ...limited(),
      ...flag({
        rollout: {
          split: { on: 100 },
          steps: [
            { at: '2026-05-01', percent: 10 },
            { at: '2026-06-01T00:01:00Z', percent: 100 },
          ],
        },
      }),
    };
    expect(codes(judge(rollout(10), steps))).toContain('error review/impact');
  });
});

describe('the report', () => {
  const many = Array.from({ length: 400 }, (_, at) => flag({ rollout: { split: { on: 10 } } }, `f${at}`));
  const grown = many.map((_, at) =>
    flag({ rollout: { split: { on: 20, off: 20 } }, description: '`@team` <b>'.repeat(20) }, `f${at}`),
  );
  const before = Object.assign({ ...project() }, ...many);
  const after = Object.assign({ ...project() }, ...grown);
  const shown = (file: string) => file;

  it('fits into a comment however much there is', () => {
    const text = reviewMarkdown(judge(before, after), shown);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('400 flags changed');
  });

  it('mentions nobody and holds no markup of others', () => {
    const text = reviewMarkdown(
      judge({ ...project(), ...flag() }, { ...project(), ...flag({ owner: '@team <b>' }) }),
      shown,
    );
    const withoutCode = text.replace(/(`+)(.+?)(?<!`)\1(?!`)/g, '');
    expect(withoutCode).not.toMatch(/@team|<b>/);
  });

  it('for GitHub is one line each, with the verdict last', () => {
    const lines = reviewGithub(judge({ ...project(), ...flag(), ...flag({}, 'b') }, { ...project(), ...flag() }), shown)
      .trimEnd()
      .split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^::error file=b\.flag\.yaml,line=1,endLine=1,.*title=review\/removed-flag::/),
      '::error title=flagstaff review%3A fail::1 flag changed; 1 error; 0 tests passed',
    ]);
  });

  it('for a terminal begins with the verdict and ends with the policy', () => {
    const text = reviewText(judge({ ...project(), ...flag() }, { ...project(), ...flag({ owner: 'y' }) }), {
      shownPath: shown,
      colour: false,
    });
    expect(text.split('\n').slice(0, 6)).toEqual([
      'pass  1 flag changed; 1 warning; 0 tests passed',
      '',
      'a.flag.yaml:1:37  warning  review/owner-changed',
      '  the flag `a` goes from `x` to `y`',
      '  help: ask `x` to review this',
      '',
    ]);
    expect(text).toMatch(/\nok {7}review\/new-suppression: none\n$/);
  });
});

describe('the lifecycle of the flags', () => {
  const calm = { default: 'on', rollout: undefined };
  const before = {
    ...project(),
    ...flag(),
    ...flag(calm, 'same'),
    ...flag({ ...calm, purpose: 'kill_switch' }, 'stop'),
    ...flag({ remove_by: '2026-05-01' }, 'late'),
    ...flag({ remove_by: '2026-05-01', snooze: { until: '2026-12-01', reason: 'mobile' } }, 'snoozed'),
  };
  const after = {
    ...before,
    ...flag({ rollout: { split: { on: 100 } } }),
    ...flag({ remove_by: '2026-05-01', rollout: { split: { on: 20 } } }, 'late'),
    ...flag(calm, 'fresh'),
  };

  it('is told of what the change touches, and counted of the rest, whatever the verdict', () => {
    const result = judge(before, after);
    expect(result.lifecycle).toEqual({
      touched: [
        { flag: 'a', everyone_gets: 'on' },
        { flag: 'late', remove_by: '2026-05-01' },
      ],
      overdue: 1,
      constant: 3,
    });
    const markdown = reviewMarkdown(result, (file) => file);
    expect(markdown).toContain('<summary>lifecycle</summary>\n\n- `a`: everyone gets `on`\n- `late`: should have been');
    expect(markdown).toContain('in all: 3 flags give everyone the same, 1 flag past `remove_by`;');
    const text = reviewText(result, { shownPath: (file) => file, colour: false });
    expect(text).toContain('lifecycle  `a`: everyone gets `on`\n');
  });

  it('is not spoken of where there is nothing to say', () => {
    const quiet = { ...project(), ...flag() };
    const result = judge(quiet, quiet);
    expect(result.lifecycle).toEqual({ touched: [], overdue: 0, constant: 0 });
    expect(reviewMarkdown(result, (file) => file)).not.toContain('lifecycle');
    expect(judge(quiet, { ...project(), ...flag({ default: 'x' }) }).lifecycle).toBeUndefined();
  });
});
