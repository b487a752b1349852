/** A small flag repository for the commands to work on. */
export const shop: Readonly<Record<string, string>> = {
  'flagstaff.yaml': `
environments: [development, staging, production]
default_environment: staging
protected: [production]
context:
  plan: { type: string, enum: [free, pro] }
  seats: { type: number }
  beta: { type: boolean }
  roles: { type: list }
  app: { type: semver }
  legacy: { type: any }
`,
  'checkout/one-page.flag.yaml': `
key: one-page
type: boolean
owner: team-checkout
tags: [web, checkout]
default: off
prerequisites:
  - { flag: payments, variants: [new] }
rules:
  - name: Staff
    conditions:
      - { operator: in_segment, value: staff }
    serve: on
rollout:
  split: { on: 25 }
environments:
  development:
    prerequisites: null
    rollout: { split: { on: 100 } }
`,
  'checkout/one-page.production.override.yaml': `
flag: one-page
environment: production
default: off
enabled: false
`,
  'payments.flag.yaml': `
key: payments
type: string
owner: team-payments
tags: [web]
variants: { old: v1, new: v2 }
default: new
rules:
  - conditions: [{ attribute: seats, operator: gt, value: 100 }]
    serve: old
`,
  'limit.flag.yaml': `
key: limit
type: number
owner: team-checkout
variants: { low: 5, high: 50 }
default: null
rules:
  - name: Many seats
    conditions: [{ attribute: seats, operator: gte, value: 10 }]
    serve: high
  - name: Half of the rest
    conditions: [{ attribute: plan, operator: eq, value: pro }]
    split: { low: 50, high: 50 }
`,
  'gone.flag.yaml': `
key: gone
type: boolean
owner: team-checkout
state: archived
default: off
`,
  'staff.segment.yaml': `
key: staff
parent: people
conditions:
  - { attribute: roles, operator: contains, value: staff }
`,
  'people.segment.yaml': `
key: people
conditions:
  - not: { attribute: plan, operator: not_exists }
`,
};
