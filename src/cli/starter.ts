import type { SourceFile } from '../syntax/source-file.js';

/** A small flag repository that lints clean and whose tests pass: what `flagstaff init` writes. */
export const starter: readonly SourceFile[] = [
  {
    path: 'flagstaff.yaml',
    text: `environments: [development, production]

# What your application sends with every evaluation; conditions are checked against it.
context:
  plan: { type: string, enum: [free, pro] }
  country: { type: string, description: ISO 3166 code }
`,
  },
  {
    path: 'new-checkout.flag.yaml',
    text: `key: new-checkout
description: The new checkout
type: boolean
owner: my-team
purpose: release

default: off

rules:
  - name: Early adopters
    conditions:
      - { operator: in_segment, value: early-adopters }
    serve: on

# Everyone else: a quarter of the users, always the same ones. Raising the number moves nobody out.
rollout:
  split: { on: 25 }

environments:
  development:
    rollout: { split: { on: 100 } }
`,
  },
  {
    path: 'early-adopters.segment.yaml',
    text: `key: early-adopters
description: Customers who pay, in the countries where we begin
conditions:
  - { attribute: plan, operator: eq, value: pro }
  - { attribute: country, operator: in, value: [DE, NL] }
`,
  },
  {
    path: 'new-checkout.test.yaml',
    text: `flag: new-checkout
environment: production
cases:
  - name: an early adopter gets the new checkout
    context: { targetingKey: user-1, plan: pro, country: NL }
    expect: { variant: on, rule: Early adopters }

  - name: a customer inside the rollout gets it too
    context: { targetingKey: user-1, plan: free, country: NL }
    bucket: 24
    expect: { variant: on, reason: SPLIT }

  - name: a customer outside the rollout does not
    context: { targetingKey: user-1, plan: free, country: NL }
    bucket: 25
    expect: { variant: off, reason: DEFAULT }

  - name: in development everyone has it
    environment: development
    context: { targetingKey: user-1 }
    expect: { variant: on }
`,
  },
];
