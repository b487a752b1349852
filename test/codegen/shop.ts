/** A small flag repository, as an application's code is written for it. */
export const shop: Readonly<Record<string, string>> = {
  'flagstaff.yaml': `
environments: [development, production]
protected: [production]
`,
  'one-page.flag.yaml': `
key: checkout.one-page
type: boolean
description: |
  One-page checkout */
  @internal is not a tag
owner: team-payments
tags: [web]
purpose: kill_switch
remove_by: 2027-03-01
expose: [server, client]
default: on
off_variant: off
`,
  'one-page.production.override.yaml': `
flag: checkout.one-page
environment: production
default: off
`,
  'greeting.flag.yaml': `
key: greeting
type: string
variants: { short: Hi, long: Good morning }
default: short
tags: [web]
`,
  'limit.flag.yaml': `
key: search_limit
type: number
variants: { low: 5, high: 50 }
default: null
off_variant: low
`,
  'theme.flag.yaml': `
key: theme
type: json
value_schema:
  type: object
  required: [colour]
  properties:
    colour: { enum: [blue, green] }
    size: { type: integer }
variants:
  plain: { colour: blue }
  loud: { colour: green, size: 3 }
default: plain
`,
  'anything.flag.yaml': `
key: anything
type: json
variants: { none: null, some: [1, 2] }
default: none
`,
  'gone.flag.yaml': `
key: old-banner
type: boolean
state: archived
default: false
`,
};
