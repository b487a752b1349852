import type { Literal } from '../../project/files.js';

/** Flags of every type and reason. */
export const FLAGS: Literal = {
  'plain.flag.yaml':
    'key: plain\ntype: boolean\ndefault: on\nexpose: [server, client]\nmetadata: { ticket: PAY-1, weight: 2 }\n',
  'hidden.flag.yaml': 'key: hidden\ntype: string\nvariants: { a: secret }\ndefault: a\n',
  'colour.flag.yaml': `key: colour
type: string
expose: [client]
tags: [web]
variants: { red: "#f00", blue: "#00f" }
default: red
overrides: { blue: [vip] }
rules:
  - name: Members
    conditions: [{ operator: in_segment, value: members }]
    serve: blue
`,
  'split.flag.yaml': `key: split
type: number
expose: [client]
variants: { one: 1, half: 0.5, whole: 2.0 }
default: whole
rollout: { split: { one: 50, half: 50 } }
`,
  'off.flag.yaml': 'key: off\ntype: boolean\nexpose: [client]\nenabled: false\ndefault: on\noff_variant: off\n',
  'late.flag.yaml':
    'key: late\ntype: boolean\nexpose: [client]\nstarts_at: 2027-01-01\ndefault: on\noff_variant: off\n',
  'needs.flag.yaml':
    'key: needs\ntype: boolean\nexpose: [client]\ndefault: on\noff_variant: off\nprerequisites: [{ flag: off, variants: [on] }]\n',
  'own.flag.yaml': 'key: own\ntype: boolean\nexpose: [client]\ndefault: null\n',
  'shape.flag.yaml':
    'key: shape\ntype: json\nexpose: [client]\nvariants: { deep: { a: [1, { b: null }] }, nothing: null }\ndefault: deep\noverrides: { nothing: [nil] }\n',
  'said.flag.yaml':
    'key: said\ntype: boolean\nexpose: [client]\ndefault: on\nmetadata: { version: mine, flagstaff.reason: forged }\n',
  'gone.flag.yaml': 'key: gone\ntype: boolean\nexpose: [client]\nstate: archived\ndefault: on\n',
  'members.segment.yaml': 'key: members\nconditions: [{ attribute: plan, operator: eq, value: pro }]\n',
};
