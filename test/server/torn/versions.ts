/**
 * One version of a repository: a segment, and two flags that serve the version's number to its members. The segment
 * and the flags each ask for the same word, another one in each version, so that whoever matches a segment of one
 * version and a flag of another shows that they were mixed.
 */
export function versionOf(number: number): Record<string, string> {
  const word = wordOf(number);
  const flag = (key: string) => `key: ${key}
type: number
expose: [server, client]
variants: { out: -1, here: ${number} }
default: out
rules:
  - conditions:
      - { operator: in_segment, value: staff }
      - { attribute: mind, operator: in, value: [any, ${word}] }
    serve: here
`;
  return {
    [SEGMENT]: `${HEAD}conditions:
  - { attribute: mood, operator: in, value: [any, ${word}] }
  - { attribute: employed, operator: eq, value: for sure }
`,
    'one.flag.yaml': flag('one'),
    'two.flag.yaml': flag('two'),
  };
}

const WORDS = ['red', 'green', 'blue'];
const wordOf = (number: number) => WORDS[number % WORDS.length] ?? '';

export const SEGMENT = 'staff.segment.yaml';

const HEAD = 'key: staff\n';

export const PROJECT = { 'flagstaff.yaml': 'environments: [production]\n' };

/**
 * What a segment may look like for a moment while it is written: without rules, which does not pass; cut off after
 * its first condition, which passes and lets in everybody; and empty.
 */
export function tornSegment(number: number): string {
  const whole = versionOf(number)[SEGMENT] ?? '';
  const torn = [`${HEAD}conditions: []\n`, whole.split('\n').slice(0, 3).join('\n'), ''];
  return torn[number % torn.length] ?? '';
}

/** A segment that has lost its rules. */
export const EMPTIED = { [SEGMENT]: `${HEAD}conditions: []\n` };

export const USERS = {
  /** a member in each version */
  ada: { targetingKey: 'ada', mood: 'any', mind: 'any', employed: 'for sure' },
  /** in no version of the segment */
  eve: { targetingKey: 'eve', mood: 'any', mind: 'any', employed: 'no' },
};

/** Each would match the segment of one version and the flags of another. */
export const MALLORIES = WORDS.flatMap((mood) =>
  WORDS.filter((mind) => mind !== mood).map((mind) => ({ targetingKey: 'm', mood, mind, employed: 'for sure' })),
);

/** Both flags for each of them. */
export interface Seen {
  readonly ada: readonly unknown[];
  readonly eve: readonly unknown[];
  readonly mallory: readonly unknown[];
}

/** Is this what one version answers, no older than `last`? */
export function isWhole({ ada: [one, two], eve, mallory }: Seen, last: number): boolean {
  const outside = [...eve, ...mallory].every((value) => value === -1);
  return outside && one === two && typeof one === 'number' && one >= Math.max(last, 0);
}
