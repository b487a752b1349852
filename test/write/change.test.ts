import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { compile } from '../../src/project/compile.js';
import type { Project } from '../../src/project/project.js';
import { assign } from '../../src/write/at-path.js';
import { addOverrides, removeField, removeOverrides, setEnabled, setRollout } from '../../src/write/behaviour.js';
import type { Edit, FileChange } from '../../src/write/change.js';
import { changeBehaviour, changeFlag } from '../../src/write/flag-part.js';
import { archive, changeSegment, createObject, listIds, restore, unlistIds } from '../../src/write/objects.js';
import { plan } from '../../src/write/plan.js';
import { addedProblems } from '../../src/write/problems.js';
import { addRule, moveRule, removeRule } from '../../src/write/rules.js';

const config = 'environments: [development, staging, production]\nprotected: [production]\n';
const flag = `# the checkout
key: checkout
type: boolean
owner: team-a   # who else

default: off
overrides: { on: [u1, u2] }
rules:
  - { name: A, conditions: [{ attribute: plan, operator: eq, value: pro }], serve: on }
  - { conditions: [{ attribute: plan, operator: eq, value: free }], serve: off }
rollout: { split: { on: 10 } } # so far
environments:
  staging: { enabled: false }
`;
const segment = 'key: staff\nincluded: [u1]\nconditions: [{ attribute: plan, operator: eq, value: pro }]\n';

const base: Readonly<Record<string, string>> = {
  'flagstaff.yaml': config,
  'shop/checkout.flag.yaml': flag,
  'staff.segment.yaml': segment,
  'shop/broken.flag.yaml': 'key: broken\n',
};

function filesOf(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}

/** The text of the one file that a change writes. */
function changed(request: (project: Project) => FileChange, texts: Readonly<Record<string, string>> = base): string {
  const files = filesOf(texts);
  const { project } = compile(files);
  return (project && plan(files, request(project))?.after) ?? 'unchanged';
}

const inEnvironment = (environment: string | undefined, edit: Edit, texts = base) =>
  changed((project) => changeBehaviour(project, 'checkout', environment, edit), texts);
const everywhere = (edit: Edit, texts = base) => inEnvironment(undefined, edit, texts);

const line = (text: string, start: string) => text.split('\n').find((one) => one.startsWith(start));

describe('a change of a flag', () => {
  it('touches the lines that it is about', () => {
    expect(everywhere(setEnabled(false))).toBe(flag.replace('default: off\n', 'default: off\nenabled: false\n'));
    expect(everywhere(setRollout({ split: { on: 25 } }))).toBe(flag.replace('on: 10', 'on: 25'));
  });

  it('is none when the flag is so already', () => {
    expect(everywhere(setEnabled(true))).toBe('unchanged');
    expect(inEnvironment('staging', setEnabled(false))).toBe('unchanged');
    expect(inEnvironment('development', setEnabled(true))).toBe('unchanged');
    expect(inEnvironment('development', removeField('rollout'))).toBe('unchanged');
    expect(everywhere(addOverrides('on', ['u2']))).toBe('unchanged');
  });

  it('stands in the part of its environment', () => {
    expect(inEnvironment('staging', setEnabled(true))).toBe(flag.replace('{ enabled: false }', '{ enabled: true }'));
    expect(inEnvironment('development', setRollout({ split: { on: 100 } }))).toBe(
      `${flag}  development:\n    rollout: { split: { on: 100 } }\n`,
    );
  });

  it('takes away a part that says nothing any more', () => {
    expect(inEnvironment('staging', removeField('enabled'))).toBe(flag.replace(/environments:.*$/s, ''));
    const two = { ...base, 'shop/checkout.flag.yaml': `${flag}  development: { enabled: false }\n` };
    expect(inEnvironment('staging', removeField('enabled'), two)).toBe(
      two['shop/checkout.flag.yaml'].replace('  staging: { enabled: false }\n', ''),
    );
  });

  it('of a flag without parts begins them', () => {
    const bare = { ...base, 'shop/checkout.flag.yaml': 'key: checkout\ntype: boolean\ndefault: off\n' };
    expect(inEnvironment('staging', setEnabled(false), bare)).toBe(
      'key: checkout\ntype: boolean\ndefault: off\nenvironments: { staging: { enabled: false } }\n',
    );
  });

  it('in a protected environment stands in an override file, a new one with the default of the flag', () => {
    const text = inEnvironment('production', setRollout({ split: { on: 5 } }));
    expect(text).toBe('flag: checkout\nenvironment: production\ndefault: off\nrollout: { split: { on: 5 } }\n');
    const path = 'shop/checkout.production.override.yaml';
    const { project } = compile(filesOf(base));
    if (project === undefined) throw new Error('no project');
    const change = changeBehaviour(project, 'checkout', 'production', setEnabled(true));
    expect(change).toMatchObject({ path, before: undefined });
    expect(inEnvironment('production', setEnabled(false), { ...base, [path]: `# prod\n${text}` })).toBe(
      `# prod\n${text.replace('rollout', 'enabled: false\nrollout')}`,
    );
    const moved = { ...base, 'elsewhere/x.production.override.yaml': text };
    expect(inEnvironment('production', removeField('rollout'), moved)).not.toContain('rollout');
    const empty = { ...base, 'shop/checkout.flag.yaml': 'key: checkout\ntype: boolean\ndefault: null\n' };
    expect(inEnvironment('production', setEnabled(true), empty)).toContain('default: null\n');
  });

  it('is refused for what is not there, or not in order', () => {
    const of = (key: string, environment?: string) => () =>
      changed((project) => changeBehaviour(project, key, environment, setEnabled(true)));
    expect(of('chekout')).toThrow('there is no flag `chekout`');
    expect(of('zzz')).toThrow('there is no flag `zzz`');
    expect(of('broken')).toThrow('the file of flag `broken` has a problem');
    expect(of('checkout', 'prodction')).toThrow('there is no environment `prodction`');
    expect(of('checkout', 'x')).toThrow('there is no environment `x`');
    expect(() => changed((project) => changeSegment(project, 'x', archive))).toThrow('there is no segment `x`');
  });
});

describe('a rollout', () => {
  it('keeps what is not asked for, except steps', () => {
    const steps = 'rollout:\n  split: { on: 50, off: 50 }\n  steps: [{ at: 2026-01-01, percent: 5 }]\n';
    const text = `key: checkout\ntype: boolean\ndefault: off\n${steps}`;
    expect(everywhere(setRollout({ percent: 20 }), { ...base, 'shop/checkout.flag.yaml': text })).toBe(
      text.replace('  steps: [{ at: 2026-01-01, percent: 5 }]\n', '  percent: 20\n'),
    );
  });

  it('can go, and come', () => {
    const gone = everywhere(removeField('rollout'));
    expect(gone).toBe(flag.replace(/rollout.*\n/, ''));
    const back = everywhere(setRollout({ split: { on: 10 } }), { ...base, 'shop/checkout.flag.yaml': gone });
    expect(back).toBe(flag.replace(' # so far', ''));
  });
});

describe('an override', () => {
  it('is added and removed', () => {
    const added = everywhere(addOverrides('on', ['u3', 'u3', 'u1']));
    expect(added).toBe(flag.replace('[u1, u2]', '[u1, u2, u3]'));
    expect(everywhere(removeOverrides(['u3']), { ...base, 'shop/checkout.flag.yaml': added })).toBe(flag);
    expect(everywhere(removeOverrides(['u1', 'u2']))).toBe(flag.replace(/overrides.*\n/, ''));
  });

  it('moves from one variant to the other', () => {
    expect(line(everywhere(addOverrides('off', ['u2'])), 'overrides')).toBe('overrides: { on: [u1], off: [u2] }');
  });

  it('of an environment begins with what it inherits, and can keep that out', () => {
    expect(inEnvironment('staging', addOverrides('off', ['u9']))).toContain(
      '  staging: { enabled: false, overrides: { on: [u1, u2], off: [u9] } }\n',
    );
    expect(inEnvironment('staging', removeOverrides(['u1', 'u2']))).toContain('{ enabled: false, overrides: {} }');
  });

  it('that is not there cannot go', () => {
    expect(() => everywhere(removeOverrides(['u1', 'nobody']))).toThrow('no override names `nobody`');
    const bare = { ...base, 'shop/checkout.flag.yaml': 'key: checkout\ntype: boolean\ndefault: off\n' };
    expect(() => everywhere(removeOverrides(['u1']), bare)).toThrow('no override names `u1`');
  });
});

describe('a rule', () => {
  const rule = { name: 'B', conditions: [], serve: 'on' };
  const names = (edit: Edit) =>
    [...everywhere(edit).matchAll(/^ {2}- \{ (name: \w|cond)/gm)].map(([, name]) => name?.slice(-1));

  it('is added where it is wanted', () => {
    expect(names(addRule(rule, 'last'))).toEqual(['A', 'd', 'B']);
    expect(names(addRule(rule, 'first'))).toEqual(['B', 'A', 'd']);
    expect(names(addRule(rule, { before: 'A' }))).toEqual(['B', 'A', 'd']);
    expect(names(addRule(rule, { after: 'rule 1' }))).toEqual(['A', 'B', 'd']);
  });

  it('moves', () => {
    expect(names(moveRule('A', 'last'))).toEqual(['d', 'A']);
    expect(names(moveRule('2', { before: 'A' }))).toEqual(['d', 'A']);
    expect(names(moveRule('A', { after: 'rule 2' }))).toEqual(['d', 'A']);
    expect(everywhere(moveRule('A', 'first'))).toBe('unchanged');
  });

  it('goes', () => {
    expect(names(removeRule('A'))).toEqual(['d']);
    expect(names(removeRule('2'))).toEqual(['A']);
  });

  it('that is not there is not found', () => {
    expect(() => everywhere(removeRule('3'))).toThrow('there is no rule `3`');
    expect(() => everywhere(removeRule('Z'))).toThrow('there is no rule `Z`');
    const bare = { ...base, 'shop/checkout.flag.yaml': 'key: checkout\ntype: boolean\ndefault: off\n' };
    expect(() => everywhere(removeRule('1'), bare)).toThrow('there is no rule `1`');
    expect(everywhere(addRule(rule, 'last'), bare)).toContain('rules:\n  - { name: B');
  });
});

describe('a path', () => {
  const set = (path: string, value: JsonObject[string] | undefined, environment?: string) =>
    inEnvironment(environment, assign([{ path: path.split('.'), value }]));

  it('leads to a field, an entry or an item', () => {
    expect(set('owner', 'team-b')).toBe(flag.replace('team-a ', 'team-b '));
    expect(set('metadata.ticket', 'A-1')).toBe(flag.replace('# who else\n', '# who else\nmetadata: { ticket: A-1 }\n'));
    expect(set('rules.0.serve', 'off')).toBe(flag.replace('pro }], serve: on', 'pro }], serve: off'));
    expect(set('overrides.on.-', 'u3')).toBe(flag.replace('u2]', 'u2, u3]'));
    expect(set('tags', ['web'])).toContain('owner: team-a   # who else\ntags: [web]\n');
    expect(set('nonsense', 1)).toMatch(/\nnonsense: 1\n$/);
  });

  it('can be taken away', () => {
    expect(set('overrides.on.0', undefined)).toBe(flag.replace('[u1, ', '['));
    expect(set('rollout', undefined)).toBe(flag.replace(/rollout.*\n/, ''));
    expect(set('rollout', null, 'staging')).toContain('{ enabled: false, rollout: null }');
  });

  it('below an inherited field makes it the part’s own', () => {
    expect(set('rollout.split.on', 50, 'staging')).toContain('{ enabled: false, rollout: { split: { on: 50 } } }');
  });

  it('that leads nowhere is refused, and so is what makes the flag', () => {
    for (const path of ['rules.7', 'rules.x', 'rules.7.serve', 'owner.name', 'metadata.x', 'overrides.on.-'])
      expect(() => set(path, path === 'owner.name' ? 1 : undefined)).toThrow(`\`${path}\` leads nowhere`);
    expect(() => set('rules.x', 1)).toThrow('leads nowhere');
    for (const path of ['key', 'type']) expect(() => set(path, 'x')).toThrow(`\`${path}\` cannot change`);
    expect(() => inEnvironment(undefined, assign([{ path: [], value: 1 }]))).toThrow('leads nowhere');
  });
});

describe('a life', () => {
  it('is archived and restored, with the same bytes', () => {
    const archived = changed((project) => changeFlag(project, 'checkout', archive));
    expect(archived).toBe(flag.replace('# who else\n', '# who else\nstate: archived\n'));
    const texts = { ...base, 'shop/checkout.flag.yaml': archived };
    expect(changed((project) => changeFlag(project, 'checkout', restore), texts)).toBe(flag);
    expect(changed((project) => changeFlag(project, 'checkout', restore))).toBe('unchanged');
  });

  it('begins in a file of its own', () => {
    const data = { key: 'new', type: 'boolean', default: 'off', tags: ['a'] };
    expect(changed((project) => createObject(project, 'flag', data, 'shop'))).toBe(
      'key: new\ntype: boolean\ndefault: off\ntags: [a]\n',
    );
    expect(changed((project) => createObject(project, 'segment', { key: 'new' }))).toBe('key: new\n');
  });

  it('does not begin where something is, or would not be found', () => {
    const of = (noun: 'flag' | 'segment', key: string, directory?: string) => () =>
      changed((project) => createObject(project, noun, { key }, directory), {
        ...base,
        'odd.flag.yaml': 'key: even\ntype: boolean\ndefault: off\n',
      });
    expect(of('flag', 'checkout')).toThrow('there is a flag `checkout` already: `shop/checkout.flag.yaml`');
    expect(of('flag', 'broken')).toThrow('there is a flag `broken` already');
    expect(of('segment', 'staff')).toThrow('there is a segment `staff` already');
    expect(of('flag', 'odd')).toThrow('there is a file `odd.flag.yaml` already');
    for (const folder of ['..', '/etc', '.hidden', 'a//b', 'node_modules'])
      expect(of('flag', 'x', folder)).toThrow(`flags cannot stand in \`${folder}\``);
  });
});

describe('a segment', () => {
  const edited = (edit: Edit, text = segment) =>
    changed((project) => changeSegment(project, 'staff', edit), { ...base, 'staff.segment.yaml': text });

  it('includes and excludes', () => {
    expect(edited(listIds('included', ['u1', 'u2', 'u2']))).toBe(segment.replace('[u1]', '[u1, u2]'));
    expect(edited(listIds('excluded', ['u3']))).toBe(`${segment}excluded: [u3]\n`);
    expect(edited(listIds('included', ['u1']))).toBe('unchanged');
  });

  it('forgets whom it listed', () => {
    expect(edited(unlistIds(['u1']))).toBe(segment.replace('included: [u1]\n', ''));
    expect(edited(unlistIds(['u9']))).toBe('unchanged');
    const two = `${segment}excluded: [u1, u5]\n`;
    expect(edited(unlistIds(['u1']), two)).toBe(two.replace('included: [u1]\n', '').replace('[u1, u5]', '[u5]'));
  });
});

describe('problems', () => {
  it('are added when there are more of them than before', () => {
    const diagnosticsOf = (text: string) => compile(filesOf({ ...base, 'a.flag.yaml': text })).diagnostics;
    const before = diagnosticsOf('key: a\ntype: boolean\ndefault: on\nrules: [{ conditions: [], serve: on }]\n');
    const after = diagnosticsOf('# moved\nkey: a\ntype: boolean\ndefault: onn\n');
    expect(addedProblems(before, before)).toEqual([]);
    expect(addedProblems([], before)).toEqual(before);
    expect(addedProblems(before, after).map(({ file }) => file)).toEqual(['a.flag.yaml']);
    expect(addedProblems(before, [...before, ...before])).toEqual(before);
  });
});
