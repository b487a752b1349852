import { describe, expect, it } from 'vitest';
import { deltaOf } from '../../src/diff/delta.js';
import { changesMarkdown } from '../../src/report/changes-markdown.js';
import { changesText } from '../../src/report/changes-text.js';
import { snapshotOf } from '../diff/snapshots.js';

const now = Date.parse('2026-06-01T00:00:00Z');

const side = (after: boolean) =>
  snapshotOf({
    'flagstaff.yaml': {
      environments: ['staging', 'production'],
      context: { country: { type: 'string', enum: ['DE', 'FR', 'IT', 'US'], weights: [1, 1, 1, 1] } },
    },
    'colour.flag.yaml': {
      key: 'colour',
      type: 'string',
      variants: { red: 'red', blue: 'blue' },
      default: 'red',
      rollout: { split: after ? { blue: 40, red: 60 } : { red: 60, blue: 40 } },
    },
    'europe.segment.yaml': {
      key: 'europe',
      conditions: [{ attribute: 'country', operator: 'in', value: after ? ['DE', 'FR', 'IT'] : ['DE', 'FR'] }],
    },
    'banner.flag.yaml': {
      key: 'banner',
      type: 'boolean',
      default: 'off',
      rules: [{ name: 'Europe', conditions: [{ operator: 'in_segment', value: 'europe' }], serve: 'on' }],
    },
    'search.flag.yaml': {
      key: 'search',
      type: 'boolean',
      default: 'off',
      ...(after ? { description: 'Full text', overrides: { on: ['ada'] } } : {}),
      environments: {
        production: { rollout: { split: { on: after ? 50 : 25 } }, ...(after ? { overrides: null } : {}) },
      },
    },
    ...(after ? {} : { 'old.flag.yaml': { key: 'old', type: 'boolean', default: 'on', state: 'archived' } }),
  });

const delta = deltaOf(side(false), side(true), { from: 'v1', to: 'v2', now, impact: {} });

describe('a diff', () => {
  it('as text, the risky first', () => {
    expect(changesText(delta, { colour: false })).toMatchInlineSnapshot(`
      "v1 → v2: 3 flags, 1 segment changed

      colour
        everywhere  rollout order red, blue → blue, red
        hazard  rollout: another order moves 80% of users to another variant where nobody would have to
          help: keep the order of the variants; new ones go to the end
        impact
          staging, production  80% of users, exactly
            red → blue 40%
              flagstaff eval colour --env production --ref v2 --context '{"targetingKey":"user-2"}' --explain
            blue → red 40%
              flagstaff eval colour --env production --ref v2 --context '{"targetingKey":"user-1"}' --explain

      old
        everywhere  removed

      europe segment
        everywhere  country in: +IT
        reaches
          banner  staging, production: rule "Europe"

      banner through segment europe
        impact
          staging, production  25.18% of contexts
            off → on 25.18%
              flagstaff eval banner --env production --ref v2 --context '{"targetingKey":"user-0","country":"IT"}' --explain

      search
        everywhere  description set to "Full text"
        staging     override on: +ada
        production  rollout on 25% → 50%
        impact
          staging  1 user by name
            off → on 1 user
              flagstaff eval search --env staging --ref v2 --context '{"targetingKey":"ada"}' --explain
          production  25% of users, exactly
            off → on 25%
              flagstaff eval search --env production --ref v2 --context '{"targetingKey":"user-2"}' --explain

      shares of contexts are of 10,000 made up from the declared attributes and the values in conditions (seed 1): no measure of your users. Real contexts: --contexts FILE.ndjson or review.population
      "
    `);
  });

  it('as Markdown, what is long folded', () => {
    expect(changesMarkdown(delta)).toMatchInlineSnapshot(`
      "### Flag changes: 3 flags, 1 segment changed

      \`v1\` → \`v2\`

      **\`colour\`**

      - :warning: hazard: \`rollout: another order moves 80% of users to another variant where nobody would have to\` (keep the order of the variants; new ones go to the end)
      - impact in \`staging\`, \`production\`: 80% of users, exactly
      - everywhere: \`rollout order red, blue → blue, red\`

      <details><summary>who gets what</summary>

      | environments | transition | example |
      | --- | --- | --- |
      | \`staging\`, \`production\` | \`red → blue 40%\` | \`flagstaff eval colour --env production --ref v2 --context '{"targetingKey":"user-2"}' --explain\` |
      | \`staging\`, \`production\` | \`blue → red 40%\` | \`flagstaff eval colour --env production --ref v2 --context '{"targetingKey":"user-1"}' --explain\` |

      </details>

      **\`old\`**

      - everywhere: \`removed\`

      **\`europe\`** segment

      - everywhere: \`country in: +IT\`

      <details><summary>reaches 1 flag</summary>

      | flag | environments | by | through |
      | --- | --- | --- | --- |
      | \`banner\` | \`staging\`, \`production\` | \`rule "Europe"\` |  |

      </details>

      **\`banner\`** through \`segment europe\`

      - impact in \`staging\`, \`production\`: 25.18% of contexts

      <details><summary>who gets what</summary>

      | environments | transition | example |
      | --- | --- | --- |
      | \`staging\`, \`production\` | \`off → on 25.18%\` | \`flagstaff eval banner --env production --ref v2 --context '{"targetingKey":"user-0","country":"IT"}' --explain\` |

      </details>

      **\`search\`**

      - impact in \`staging\`: 1 user by name
      - impact in \`production\`: 25% of users, exactly
      - everywhere: \`description set to "Full text"\`
      - \`staging\`: \`override on: +ada\`
      - \`production\`: \`rollout on 25% → 50%\`

      <details><summary>who gets what</summary>

      | environments | transition | example |
      | --- | --- | --- |
      | \`staging\` | \`off → on 1 user\` | \`flagstaff eval search --env staging --ref v2 --context '{"targetingKey":"ada"}' --explain\` |
      | \`production\` | \`off → on 25%\` | \`flagstaff eval search --env production --ref v2 --context '{"targetingKey":"user-2"}' --explain\` |

      </details>

      _shares of contexts are of 10,000 made up from the declared attributes and the values in conditions (seed 1): no measure of your users. Real contexts: --contexts FILE.ndjson or review.population_
      "
    `);
  });

  it('without changes says so', () => {
    const none = deltaOf(side(true), side(true), { from: 'v2', to: 'working tree', now, impact: {} });
    expect(changesText(none, { colour: false })).toBe('v2 → working tree: no changes in meaning\n');
    expect(changesMarkdown(none)).toBe('### Flag changes: no changes in meaning\n\n`v2` → `working tree`\n');
  });
});
