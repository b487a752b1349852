/** What a code stands for, in one line, and how severe it is unless `flagstaff.yaml` says otherwise. */
export interface CodeInfo {
  readonly severity: 'error' | 'warning' | 'info';
  readonly summary: string;
}

/**
 * Every code there is. A code is stable and never used again for something else.
 * Each has a page in docs/rules/.
 */
export const catalogue = {
  'syntax/invalid-yaml': { severity: 'error', summary: 'the file is not YAML' },
  'syntax/duplicate-key': { severity: 'error', summary: 'a mapping has the same key twice' },
  'syntax/anchor': { severity: 'error', summary: 'anchors and aliases are not allowed' },
  'syntax/merge-key': { severity: 'error', summary: 'merge keys (`<<`) are not allowed' },
  'syntax/tag': { severity: 'error', summary: 'tags such as `!!str` are not allowed' },
  'syntax/multiple-documents': { severity: 'error', summary: 'a file holds one document' },
  'syntax/byte-order-mark': { severity: 'error', summary: 'the file begins with a byte order mark' },
  'syntax/tab': { severity: 'error', summary: 'a tab is used as white space' },
  'syntax/not-utf8': { severity: 'error', summary: 'the file is not UTF-8' },
  'syntax/too-large': { severity: 'error', summary: 'the file is larger than 1 MiB' },
  'syntax/too-deep': { severity: 'error', summary: 'the file is nested too deeply' },
  'syntax/forbidden-key': { severity: 'error', summary: 'a key that JavaScript gives a meaning of its own' },

  'schema/unknown-key': { severity: 'error', summary: 'a key that has no meaning here' },
  'schema/missing-key': { severity: 'error', summary: 'a required key is missing' },
  'schema/wrong-type': { severity: 'error', summary: 'a value of the wrong type' },
  'schema/unquoted-string': { severity: 'error', summary: 'a bare number or boolean where a string is meant' },
  'schema/invalid-value': { severity: 'error', summary: 'a value outside what is allowed' },
  'schema/empty': { severity: 'error', summary: 'a list or tree that may not be empty' },

  'reference/missing-project': { severity: 'error', summary: 'there is no `flagstaff.yaml`' },
  'reference/duplicate-key': { severity: 'error', summary: 'two files define the same key' },
  'reference/key-case': { severity: 'error', summary: 'two keys differ by case only' },
  'reference/unknown-flag': { severity: 'error', summary: 'there is no such flag' },
  'reference/unknown-segment': { severity: 'error', summary: 'there is no such segment' },
  'reference/unknown-variant': { severity: 'error', summary: 'the flag has no such variant' },
  'reference/unknown-environment': { severity: 'error', summary: 'there is no such environment' },
  'reference/archived-flag': { severity: 'error', summary: 'an active flag or group depends on an archived flag' },
  'reference/protected-environment': { severity: 'error', summary: 'a protected environment is set in a flag file' },
  'reference/duplicate-part': { severity: 'error', summary: 'an environment of a flag is described twice' },
  'reference/duplicate-override': { severity: 'error', summary: 'one targetingKey is listed under two variants' },
  'reference/duplicate-rule-name': { severity: 'error', summary: 'two rules of a flag have the same name' },
  'reference/duplicate-slot': { severity: 'error', summary: 'a flag is in more than one slot' },
  'reference/slot-bucket-by': { severity: 'error', summary: 'a flag and its group bucket by different attributes' },

  'type/boolean-variants': { severity: 'error', summary: 'a boolean flag has exactly `on: true` and `off: false`' },
  'type/variant-value': { severity: 'error', summary: 'a variant is not of the type of its flag' },
  'type/invalid-value-schema': { severity: 'error', summary: '`value_schema` is not a usable JSON Schema' },
  'type/value-schema': { severity: 'error', summary: 'a variant does not satisfy `value_schema`' },
  'type/operator': { severity: 'error', summary: 'the operator does not fit the type of the attribute' },
  'type/operand': { severity: 'error', summary: 'the value does not fit the operator or the type of the attribute' },
  'type/enum': { severity: 'error', summary: 'the value is not one that the attribute can have' },
  'type/regex': { severity: 'error', summary: 'not an RE2 pattern' },
  'type/version': { severity: 'error', summary: 'not a version' },
  'type/version-range': { severity: 'error', summary: 'not a version range' },
  'type/date': { severity: 'error', summary: 'not an RFC 3339 date' },
  'type/duration': { severity: 'error', summary: 'not an ISO 8601 duration' },
  'type/cidr': { severity: 'error', summary: 'not an address or address range' },
  'type/time-zone': { severity: 'error', summary: 'not a time zone' },
  'type/time-window': { severity: 'error', summary: 'not a time window' },

  'arithmetic/precision': { severity: 'error', summary: 'a percentage finer than a thousandth of a percent' },
  'arithmetic/split-sum': { severity: 'error', summary: 'a split that must add up to exactly 100 does not' },
  'arithmetic/rollout-sum': { severity: 'error', summary: 'a rollout adds up to more than 100' },
  'arithmetic/range': { severity: 'error', summary: 'a range that is empty or runs backwards' },
  'arithmetic/slot-overlap': { severity: 'error', summary: 'two slots of a group overlap' },
  'arithmetic/steps-order': { severity: 'error', summary: 'the times of steps do not ascend' },
  'arithmetic/times-order': { severity: 'error', summary: '`starts_at` is not before `expires_at`' },
  'arithmetic/experiment-and-rollout': { severity: 'error', summary: 'an experiment beside a rollout' },

  'cycle/flag': { severity: 'error', summary: 'flags depend on each other in a circle' },
  'cycle/segment': { severity: 'error', summary: 'segments depend on each other in a circle' },

  'context/unknown-attribute': { severity: 'warning', summary: 'an attribute that `context` does not declare' },

  'logic/never-matches': { severity: 'warning', summary: 'a rule or segment that can never match' },
  'logic/shadowed-rule': { severity: 'warning', summary: 'a rule that an earlier one hides completely' },

  'bucketing/growth-moves-users': {
    severity: 'warning',
    summary: 'a split that moves users between variants as it grows',
  },

  'safety/kill-switch-without-effect': { severity: 'warning', summary: 'switching the flag off changes nothing' },
  'safety/not-in-disabled-segment': {
    severity: 'warning',
    summary: '`not_in_segment` on a disabled segment holds for everyone',
  },
  'safety/personal-data': { severity: 'warning', summary: 'what looks like an e-mail address stays in git for ever' },

  'naming/mismatch': { severity: 'warning', summary: 'a key that does not follow `naming`' },

  'hygiene/unused-segment': { severity: 'warning', summary: 'a segment that nothing uses' },
  'hygiene/unused-variant': { severity: 'warning', summary: 'a variant that nothing serves' },
  'hygiene/unused-attribute': { severity: 'warning', summary: 'a declared attribute that nothing reads' },
  'hygiene/file-name': { severity: 'warning', summary: 'a file is not named after its key' },
  'hygiene/unrecognized-file': { severity: 'warning', summary: 'a YAML file whose name says nothing to Flagstaff' },
  'hygiene/missing-owner': { severity: 'warning', summary: 'a flag without an owner' },
  'hygiene/overdue': { severity: 'warning', summary: '`remove_by` or `expires_at` is in the past' },
  'hygiene/settled-rollout': { severity: 'warning', summary: 'a rollout at 0 or 100 for everyone' },

  'lint/unknown-code': { severity: 'warning', summary: 'a code that does not exist or cannot be configured' },
  'lint/unused-suppression': { severity: 'warning', summary: 'a suppression that suppresses nothing' },
  'lint/suppression-without-reason': { severity: 'warning', summary: 'a suppression that does not say why' },

  'review/key-changed': { severity: 'error', summary: 'a flag gets another key' },
  'review/type-changed': { severity: 'error', summary: 'a flag gets another type' },
  'review/removed-flag': { severity: 'error', summary: 'a flag is removed that was not archived first' },
  'review/reused-key': { severity: 'error', summary: 'the key of an archived or removed flag is used again' },
  'review/running-experiment': { severity: 'error', summary: 'the split of an experiment changes while it runs' },
  'review/impact': { severity: 'error', summary: 'more users than `max_impact` allows get something else' },
  'review/impact-unknown': { severity: 'warning', summary: 'whether `max_impact` holds cannot be known' },
  'review/owner-changed': { severity: 'warning', summary: 'a flag, segment or group gets another owner' },
  'review/policy-changed': { severity: 'warning', summary: 'the rules change by which changes are judged' },
  'review/new-suppression': { severity: 'warning', summary: 'a suppression is new' },
  'review/broken-base': { severity: 'warning', summary: 'the base cannot be served, so nothing is compared' },

  'stale/potentially-stale': { severity: 'warning', summary: 'a flag has lived longer than its purpose lets it' },
  'stale/ready-for-code-removal': { severity: 'warning', summary: 'everyone gets the same, and the code still asks' },
  'stale/needs-monitoring': { severity: 'info', summary: 'the code asks no more, but what runs may' },
  'stale/ready-to-archive': { severity: 'warning', summary: 'everyone gets the same, and nothing asks any more' },
  'stale/zombie': { severity: 'warning', summary: 'the code asks for an archived flag' },
  'stale/ghost': { severity: 'warning', summary: 'the code asks for a flag that does not exist' },
} as const satisfies Record<string, CodeInfo>;

export type Code = keyof typeof catalogue;

/** The areas whose codes are the gate: always errors, neither configurable nor suppressible. */
const GATE_AREAS = ['syntax', 'schema', 'reference', 'type', 'arithmetic', 'cycle'] as const;

const gateAreas: ReadonlySet<string> = new Set(GATE_AREAS);

/** The part of a code before the slash. */
export function areaOf(code: Code): string {
  return code.slice(0, code.indexOf('/'));
}

/** Does this code keep a repository from being served? */
export function isGateCode(code: Code): boolean {
  return gateAreas.has(areaOf(code));
}

/** Is this text a code that exists? */
export function isCode(text: string): text is Code {
  return Object.hasOwn(catalogue, text);
}
