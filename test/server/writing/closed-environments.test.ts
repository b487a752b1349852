import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUARDED } from '../../project/files.js';
import { keyRingOf, makeKey } from '../serving.js';
import { JSON_PATCH, startWriting, type WritingServer } from './writing-server.js';

const asksFor = (segment: string) =>
  `rules: [{ conditions: [{ operator: in_segment, value: ${segment} }], serve: on }]\n`;
const guarded = (key: string, more: string) => `flag: ${key}\nenvironment: production\ndefault: off\n${more}`;
const plain = (key: string, more = '') => `key: ${key}\ntype: boolean\ndefault: off\n${more}`;

const FILES = {
  'flagstaff.yaml': GUARDED,
  'staff.segment.yaml': 'key: staff\nincluded: [ada]\n',
  'chiefs.segment.yaml': 'key: chiefs\nparent: staff\nincluded: [ada, bob]\n',
  'idle.segment.yaml': 'key: idle\nincluded: [ada]\n',
  'rule.flag.yaml': plain('rule'),
  'rule.production.override.yaml': guarded('rule', asksFor('chiefs')),
  'base.flag.yaml': plain('base'),
  'base.production.override.yaml': guarded('base', asksFor('chiefs')),
  'needs.flag.yaml': plain('needs'),
  'needs.production.override.yaml': guarded('needs', 'prerequisites: [{ flag: base, variants: [on] }]\n'),
  'left.flag.yaml': plain('left'),
  'left.production.override.yaml': guarded('left', 'experiment: { split: { on: 50, off: 50 } }\n'),
  'right.flag.yaml': plain('right'),
  'sides.group.yaml': 'key: sides\nslots: [{ flag: left, range: [0, 50] }, { flag: right, range: [50, 100] }]\n',
  'gone.flag.yaml': plain('gone', 'state: archived\n'),
  'gone.production.override.yaml': guarded('gone', ''),
  'open.flag.yaml': plain('open'),
  'text.flag.yaml': 'key: text\ntype: string\nvariants: { a: x, b: y }\ndefault: a\n',
  'text.production.override.yaml': 'flag: text\nenvironment: production\ndefault: a\n',
};

const [key, stored] = makeKey(1, { role: 'admin', environments: ['development', 'staging'] });

let writing: WritingServer;
beforeAll(async () => {
  writing = await startWriting(FILES, { server: { keyRing: keyRingOf([stored]) } });
});
afterAll(() => writing.close());

const send = (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
  writing.send(method, path, body, { authorization: `Bearer ${key}`, ...headers });

const production = (part: unknown) => ({ environments: { production: part } });
const slots = (end: number) => [
  { flag: 'left', range: [0, end] },
  { flag: 'right', range: [end, 100] },
];

describe('production, closed to a key, stays as it is', () => {
  it.each<[string, string, string, unknown]>([
    ['by PUT without its part', 'PUT', '/flags/rule', { type: 'boolean', default: 'off' }],
    [
      'by PUT with another part',
      'PUT',
      '/flags/base',
      { type: 'boolean', default: 'off', ...production({ default: 'on' }) },
    ],
    ['by a merge patch that removes its part', 'PATCH', '/flags/rule', production(null)],
    ['by a merge patch that removes all parts', 'PATCH', '/flags/rule', { environments: null }],
    ['by a new part where there was none', 'PATCH', '/flags/open', production({ default: 'on' })],
    ['by the parent of a segment that it asks for', 'PATCH', '/segments/staff', { included: ['ada', 'eve'] }],
    ['by PUT of a segment', 'PUT', '/segments/chiefs', { included: ['eve'] }],
    ['by switching a segment off', 'PATCH', '/segments/staff', { enabled: false }],
    ['by a new parent', 'PATCH', '/segments/chiefs', { parent: 'idle' }],
    ['by the slots of a group', 'PATCH', '/groups/sides', { slots: slots(60) }],
    ['by taking a flag out of its slot', 'PATCH', '/groups/sides', { slots: slots(50).slice(1) }],
    ['by archiving', 'DELETE', '/flags/rule', undefined],
    ['by the value of a variant', 'PATCH', '/flags/text', { variants: { a: 'z' } }],
    ['by a seed', 'PATCH', '/flags/left', { seed: 'other' }],
    ['by metadata', 'PATCH', '/flags/rule', { metadata: { a: 1 } }],
    ['by the part of an archived flag', 'PATCH', '/flags/gone', production({ default: 'on' })],
    ['by bringing a flag back', 'POST', '/flags/gone/restore', undefined],
    [
      'by PUT that brings a flag back',
      'PUT',
      '/flags/gone',
      { type: 'boolean', default: 'off', ...production({ default: 'off' }) },
    ],
    [
      'by a flag that is new',
      'POST',
      '/flags',
      { key: 'x', type: 'boolean', default: 'off', ...production({ default: 'on' }) },
    ],
    ['by a kill', 'POST', '/flags/rule/kill', { environment: 'production', reason: 'x' }],
  ])('%s', async (_how, method, path, body) => {
    const before = await writing.repository.git('rev-parse', 'main');
    const { status, body: problem } = await send(method, path, body);
    expect([status, problem.code]).toEqual([403, 'forbidden']);
    expect(await writing.repository.git('rev-parse', 'main')).toBe(before);
  });

  it('by a JSON Patch, and by one of several changes', async () => {
    const patch = [{ op: 'replace', path: '/environments/production/default', value: 'on' }];
    expect((await send('PATCH', '/flags/rule', patch, JSON_PATCH)).status).toBe(403);
    const changes = [
      { method: 'PATCH', path: '/flags/open', body: { enabled: false } },
      { method: 'PATCH', path: '/segments/chiefs', body: { included: ['eve'] } },
    ];
    expect((await send('POST', '/changes', { changes })).status).toBe(403);
    const inTwoSteps = [
      { method: 'POST', path: '/segments', body: { key: 'new', included: ['eve'] } },
      { method: 'PATCH', path: '/segments/chiefs', body: { parent: 'new' } },
    ];
    expect((await send('POST', '/changes', { changes: inTwoSteps })).status).toBe(403);
  });

  it('while what does not reach it is free', async () => {
    const free: [string, string, unknown][] = [
      ['PATCH', '/flags/open', { enabled: false, environments: { staging: { default: 'on' } } }],
      ['PATCH', '/segments/idle', { included: ['eve'] }],
      ['DELETE', '/segments/idle', undefined],
      ['PATCH', '/flags/rule', { description: 'asks for chiefs', owner: 'me' }],
      ['POST', '/flags', { key: 'z', type: 'boolean', default: 'on' }],
    ];
    for (const [method, path, body] of free) expect((await send(method, path, body)).status).toBeLessThan(300);
  });
});
