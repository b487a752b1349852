import { describe, expect, it } from 'vitest';
import { checkSchema } from '../../src/schema/check-schema.js';
import type { SchemaName } from '../../src/schema/validators.js';
import { parseYaml } from '../../src/syntax/parse-yaml.js';

/** `code pointer (key): message -- help` of each finding. */
function told(text: string, name: SchemaName = 'flag'): string[] {
  const file = { path: 'x.yaml', text };
  const { data } = parseYaml(file);
  return checkSchema(name, file, data).map(({ code, pointer, target, message, help }) => {
    return `${code} ${pointer}${target === 'key' ? ' (key)' : ''}: ${message} -- ${help}`;
  });
}

const FLAG = 'key: f\ntype: boolean\ndefault: off\n';
const rule = (text: string) => `${FLAG}rules:\n  - ${text}\n`;
const condition = (text: string) => rule(`{ serve: on, conditions: [${text}] }`);
const CONDITION = '/rules/0/conditions/0';

describe('a flag', () => {
  it.each<[string, readonly string[]]>([
    [FLAG, []],
    ['[]', ['schema/wrong-type : the file is a list, but a mapping is meant -- write a mapping']],
    ['a', ['schema/wrong-type : the file is `a`, but a mapping is meant -- write a mapping']],
    [
      'key: f\n',
      [
        'schema/missing-key /type (key): the file has no `type` -- add it, for example `type: boolean`',
        'schema/missing-key /default (key): the file has no `default` -- add it, for example `default: off`',
      ],
    ],
    [
      'key: f\ntype: string\ndefault: a\n',
      ['schema/missing-key /variants (key): the file has no `variants` -- add `variants`'],
    ],
    [
      'key: f\ntype: string\ndefault: a\nvariants: {}\n',
      ['schema/empty /variants: `variants` is empty -- add an entry, or remove what it is for'],
    ],
    [`${FLAG}enabeld: true\n`, ['schema/unknown-key /enabeld (key): unknown key `enabeld` -- did you mean `enabled`?']],
    [
      `${FLAG}snooze: { until: 2027-01-01, why: x, reason: y }\n`,
      ['schema/unknown-key /snooze/why (key): unknown key `why` in `snooze` -- possible here: `until`, `reason`'],
    ],
    [
      'key: a/b\ntype: boolean\ndefault: off\n',
      [
        'schema/invalid-value /key: `a/b` is not a key -- begins with a letter or digit, then letters, digits, `.`, `_`, `-`; no `..`; 1 to 128 long',
      ],
    ],
    [
      'key: a..b\ntype: boolean\ndefault: off\n',
      [
        'schema/invalid-value /key: `a..b` is not a key -- begins with a letter or digit, then letters, digits, `.`, `_`, `-`; no `..`; 1 to 128 long',
      ],
    ],
    [
      'key: 007\ntype: boolean\ndefault: off\n',
      ["schema/unquoted-string /key: `007` is read as a number, but `key` is text -- quote it: '007'"],
    ],
    [
      `${FLAG}owner: true\n`,
      ["schema/unquoted-string /owner: `true` is read as a boolean, but `owner` is text -- quote it: 'true'"],
    ],
    [
      `${FLAG}owner:\n`,
      ['schema/wrong-type /owner: `owner` is empty, but text is meant -- write text, or leave the key out'],
    ],
    [`${FLAG}owner: [a]\n`, ['schema/wrong-type /owner: `owner` is a list, but text is meant -- write text']],
    [`${FLAG}owner: ''\n`, ['schema/invalid-value /owner: `owner` is empty -- write text, or leave it out']],
    [
      `${FLAG}enabled: yes\n`,
      ['schema/wrong-type /enabled: `enabled` is `yes`, but `true` or `false` is meant -- write `true` or `false`'],
    ],
    [
      `${FLAG}tags: [web, 2.10]\n`,
      ["schema/unquoted-string /tags/1: `2.10` is read as a number, but item 2 of `tags` is text -- quote it: '2.10'"],
    ],
    [
      `${FLAG}overrides: { on: [007] }\n`,
      [
        "schema/unquoted-string /overrides/on/0: `007` is read as a number, but item 1 of `on` is text -- quote it: '007'",
      ],
    ],
    [
      `${FLAG}purpose: relase\n`,
      ['schema/invalid-value /purpose: `relase` is not a purpose -- did you mean `release`?'],
    ],
    [
      `${FLAG}purpose: fun\n`,
      [
        'schema/invalid-value /purpose: `fun` is not a purpose -- one of `release`, `experiment`, `operational`, `kill_switch`, `permission`',
      ],
    ],
    [
      `${FLAG}purpose: 1\n`,
      [
        'schema/invalid-value /purpose: `1` is not a purpose -- one of `release`, `experiment`, `operational`, `kill_switch`, `permission`',
      ],
    ],
    [
      'key: f\ntype: number\ndefault: a\nvariants: { a-1: 1, 1a: 2 }\n',
      [
        'schema/invalid-value /variants/1a (key): `1a` is not a variant name -- begins with a letter, then letters, digits, `_`, `-`',
      ],
    ],
    [
      `${FLAG}metadata: { a: [1] }\n`,
      [
        'schema/wrong-type /metadata/a: `a` is a list, but text or a number or `true` or `false` is meant -- write text or a number or `true` or `false`',
      ],
    ],
    [
      `${FLAG}environments: { production: { seed: x } }\n`,
      [
        'schema/unknown-key /environments/production/seed (key): unknown key `seed` in `production` -- possible here: `enabled`, `default`, `off_variant`, `starts_at`, `expires_at`, `overrides`, `prerequisites`, `rules`, `rollout`, `experiment`',
      ],
    ],
    [`${FLAG}environments: { production: { rules: null, rollout: null, default: null, enabled: null } }\n`, []],
    [
      `${FLAG}rules: null\n`,
      ['schema/wrong-type /rules: `rules` is empty, but a list is meant -- write a list, or leave the key out'],
    ],
  ])('%j', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

describe('a rule', () => {
  it.each<[string, readonly string[]]>([
    [
      '{ conditions: [], serve: on }',
      ['schema/empty /rules/0/conditions: `conditions` is empty -- add an entry, or remove what it is for'],
    ],
    [
      '{ conditions: [{ attribute: a, operator: exists }] }',
      ['schema/missing-key /rules/0 (key): rule 1 has neither `serve` nor `split` -- add `serve` or `split`'],
    ],
    [
      '{ conditions: [{ attribute: a, operator: exists }], serv: on }',
      ['schema/unknown-key /rules/0/serv (key): unknown key `serv` in rule 1 -- did you mean `serve`?'],
    ],
    [
      '{ conditions: [{ attribute: a, operator: exists }], serve: on, split: { on: 100 } }',
      [
        'schema/invalid-value /rules/0/split (key): `serve` and `split` exclude each other -- keep one of `serve`, `split`',
      ],
    ],
    [
      '{ conditions: [{ attribute: a, operator: exists }], split: {} }',
      ['schema/empty /rules/0/split: `split` is empty -- add an entry, or remove what it is for'],
    ],
    [
      '{ conditions: [{ attribute: a, operator: exists }], split: { on: 120 } }',
      [
        'schema/invalid-value /rules/0/split/on: `120` is not a percentage -- percent in whole thousandths, from 0 to 100',
      ],
    ],
    [
      '{ conditions: [{ attribute: a, operator: exists }], split: { on: half } }',
      ['schema/wrong-type /rules/0/split/on: `on` is `half`, but a number is meant -- write a number'],
    ],
  ])('%j', (text, expected) => {
    expect(told(rule(text))).toEqual(expected);
  });
});

describe('a condition', () => {
  it.each<[string, readonly string[]]>([
    [
      '{ attribute: a, operator: eqq, value: 1 }',
      [`schema/invalid-value ${CONDITION}/operator: \`eqq\` is not an operator -- did you mean \`eq\`?`],
    ],
    [
      '{ attribute: a, value: 1 }',
      [
        `schema/missing-key ${CONDITION}/operator (key): condition 1 has no \`operator\` -- add it, for example \`operator: eq\``,
      ],
    ],
    [
      '{ operator: eq, value: 1 }',
      [`schema/missing-key ${CONDITION}/attribute (key): condition 1 has no \`attribute\` -- add \`attribute\``],
    ],
    [
      '{ attribute: a, operator: eq }',
      [`schema/missing-key ${CONDITION}/value (key): condition 1 has no \`value\` -- add \`value\``],
    ],
    [
      '{ attribute: a, operator: eq, value: [1] }',
      [
        `schema/wrong-type ${CONDITION}/value: \`value\` is a list, but text or a number or \`true\` or \`false\` is meant -- write text or a number or \`true\` or \`false\``,
      ],
    ],
    [
      '{ attribute: a, operator: in, value: x }',
      [`schema/wrong-type ${CONDITION}/value: \`value\` is \`x\`, but a list is meant -- write a list`],
    ],
    [
      '{ attribute: a, operator: in, value: [] }',
      [`schema/empty ${CONDITION}/value: \`value\` is empty -- add an entry, or remove what it is for`],
    ],
    [
      '{ attribute: a, operator: exists, value: 1 }',
      [`schema/unknown-key ${CONDITION}/value (key): this operator takes no \`value\` -- remove \`value\``],
    ],
    [
      '{ attribute: a, operator: semver_gt, value: 2.10 }',
      [
        `schema/unquoted-string ${CONDITION}/value: \`2.10\` is read as a number, but \`value\` is text -- quote it: '2.10'`,
      ],
    ],
    [
      '{ attribute: a, operator: gt, value: "1" }',
      [`schema/wrong-type ${CONDITION}/value: \`value\` is \`1\`, but a number is meant -- write a number`],
    ],
    [
      '{ attribute: a, operator: gt, value: 1, ignore_case: true }',
      [
        `schema/unknown-key ${CONDITION}/ignore_case (key): this operator does not know \`ignore_case\` -- remove \`ignore_case\``,
      ],
    ],
    [
      '{ attribute: a, operator: eq, value: 1, flag: f }',
      [`schema/unknown-key ${CONDITION}/flag (key): \`flag\` belongs to the operator \`serves\` -- remove \`flag\``],
    ],
    [
      '{ operator: serves, value: on }',
      [`schema/missing-key ${CONDITION}/flag (key): condition 1 has no \`flag\` -- add \`flag\``],
    ],
    [
      '{ attribute: a, operator: in_segment, value: s }',
      [
        `schema/invalid-value ${CONDITION}/attribute: \`a\` is not an attribute of this operator -- leave \`attribute\` out, or write \`segment\``,
      ],
    ],
    ['{ attribute: segment, operator: in_segment, value: s }', []],
    [
      '{ attribute: a, operator: time_window, value: { start: "1", end: "2" } }',
      [`schema/unknown-key ${CONDITION}/attribute (key): this operator takes no \`attribute\` -- remove \`attribute\``],
    ],
    [
      '{ operator: time_window, value: { start: "09:00" } }',
      [
        `schema/missing-key ${CONDITION}/value/end (key): \`value\` has no \`end\` -- add it, for example \`end: 17:30\``,
      ],
    ],
    [
      '{ operator: time_window, value: { start: "09:00", end: "10:00", days: [mo] } }',
      [`schema/invalid-value ${CONDITION}/value/days/0: \`mo\` is not a weekday -- did you mean \`mon\`?`],
    ],
    [
      '{ attribute: a, operator: modulo, value: { divisor: 0, remainder: 0 } }',
      [`schema/invalid-value ${CONDITION}/value/divisor: \`0\` is not a divisor -- what the attribute is divided by`],
    ],
    [
      '{ operator: bucket, value: { seed: s, range: [0] } }',
      [
        `schema/invalid-value ${CONDITION}/value/range: \`[0]\` is not a range -- a half-open range in percent: from the first number up to but without the second`,
      ],
    ],
    ['{ all: [] }', [`schema/empty ${CONDITION}/all: \`all\` is empty -- add an entry, or remove what it is for`]],
    [
      '{ any: [{ not: { attribute: a, operator: exists, value: 1 } }] }',
      [`schema/unknown-key ${CONDITION}/any/0/not/value (key): this operator takes no \`value\` -- remove \`value\``],
    ],
    [
      '{ all: [{ attribute: a, operator: exists }], any: [] }',
      [`schema/unknown-key ${CONDITION}/any (key): unknown key \`any\` in condition 1 -- possible here: \`all\``],
    ],
    ['x', [`schema/wrong-type ${CONDITION}: condition 1 is \`x\`, but a mapping is meant -- write a mapping`]],
  ])('%j', (text, expected) => {
    expect(told(condition(text))).toEqual(expected);
  });
});

describe('a rollout', () => {
  it.each<[string, readonly string[]]>([
    [
      '{ percent: 20 }',
      ['schema/missing-key /rollout (key): `rollout` has neither `split` nor `steps` -- add `split` or `steps`'],
    ],
    [
      '{ percent: 20, split: { on: 100 }, steps: [{ at: 2027-01-01, percent: 1 }] }',
      [
        'schema/invalid-value /rollout/steps (key): `percent` and `steps` exclude each other -- keep one of `percent`, `steps`',
      ],
    ],
    [
      '{ steps: [{ at: 2027-01-01, percent: 5 }] }',
      ['schema/missing-key /rollout/steps/0/split (key): step 1 has no `split` -- add `split`'],
    ],
    [
      '{ split: { on: 5 }, steps: [{ at: 2027-01-01 }] }',
      [
        'schema/missing-key /rollout/steps/0 (key): step 1 has neither `percent` nor `split` -- add `percent` or `split`',
      ],
    ],
    [
      '{ split: { on: 5 }, steps: [] }',
      ['schema/empty /rollout/steps: `steps` is empty -- add an entry, or remove what it is for'],
    ],
  ])('%j', (text, expected) => {
    expect(told(`${FLAG}rollout: ${text}\n`)).toEqual(expected);
  });
});

describe('other files', () => {
  it.each<[SchemaName, string, readonly string[]]>([
    [
      'segment',
      'key: s\n',
      [
        'schema/empty  (key): the file has neither `conditions` nor `included` -- nobody is in such a segment: say who is',
      ],
    ],
    [
      'segment',
      'key: s\nincluded: []\n',
      [
        'schema/empty  (key): the file has neither `conditions` nor `included` -- nobody is in such a segment: say who is',
      ],
    ],
    ['segment', 'key: s\nincluded: [a]\n', []],
    [
      'segment',
      'key: s\nconditons: []\n',
      ['schema/unknown-key /conditons (key): unknown key `conditons` -- did you mean `conditions`?'],
    ],
    ['override', 'flag: f\nenvironment: production\nrules: null\n', []],
    [
      'group',
      'key: g\nslots: [{ flag: f, range: [0, 101] }]\n',
      [
        'schema/invalid-value /slots/0/range/1: `101` is not a percentage -- percent in whole thousandths, from 0 to 100',
      ],
    ],
    [
      'project',
      'environments: []\n',
      ['schema/empty /environments: `environments` is empty -- add an entry, or remove what it is for'],
    ],
    [
      'project',
      'environments: [a, b, a]\n',
      ['schema/invalid-value /environments/2: `a` is listed twice -- list each entry once'],
    ],
    [
      'project',
      'environments: [a]\nlint: { hygiene/overdue: false }\n',
      [
        'schema/invalid-value /lint/hygiene~1overdue: `false` is not a severity -- one of `error`, `warning`, `info`, `off`',
      ],
    ],
    [
      'project',
      "environments: [a]\ncontext: { '': { type: string } }\n",
      ['schema/invalid-value /context/ (key): `` is not the name of an attribute -- any text but the empty one'],
    ],
    [
      'test',
      'cases: [{ name: n, flag: f }]\n',
      [
        'schema/missing-key /cases/0 (key): case 1 has neither `expect` nor `distribution` -- add `expect` or `distribution`',
      ],
    ],
  ])('%s %j', (name, text, expected) => {
    expect(told(text, name)).toEqual(expected);
  });

  it('long texts of the user are cut, and stay on one line', () => {
    const [finding = ''] = told(`${FLAG}purpose: "${'x'.repeat(200)}\\n\`y"\n`);
    expect(finding).toMatch(/^schema\/invalid-value \/purpose: `"x{58}…` is not a purpose/);
  });
});
