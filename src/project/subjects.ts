import { collectFromList, collectFromPart } from './comparisons.js';
import { Memo } from './memo.js';
import { partsOfFlag } from './parts.js';
import type { FlagSubject, Subject, Written } from './project.js';
import type {
  WrittenFlag,
  WrittenGroup,
  WrittenOverride,
  WrittenProject,
  WrittenSegment,
  WrittenTests,
} from './written.js';

const NOTHING: Subject = { overrides: [], parts: [], comparisons: [] };

/** Flags with the overrides of each. */
export function subjectsOfFlags(
  flags: ReadonlyMap<string, Written<WrittenFlag>>,
  overrides: readonly Written<WrittenOverride>[],
): FlagSubject[] {
  const overridesOf = groupByFlag(overrides);
  return Array.from(flags, ([key, flag]) => subjectOfFlag(flag, overridesOf.get(key) ?? NONE));
}

const NONE: readonly Written<WrittenOverride>[] = [];

function groupByFlag(overrides: readonly Written<WrittenOverride>[]): Map<string, Written<WrittenOverride>[]> {
  const groups = new Map<string, Written<WrittenOverride>[]>();
  for (const override of overrides) {
    const group = groups.get(override.data.flag);
    if (group === undefined) groups.set(override.data.flag, [override]);
    else group.push(override);
  }
  return groups;
}

const flags = new Memo<Written<WrittenFlag>, FlagSubject>();

function subjectOfFlag(flag: Written<WrittenFlag>, overrides: readonly Written<WrittenOverride>[]): FlagSubject {
  const known = flags.recall(flag, [overrides]);
  if (known !== undefined) return known;
  const parts = partsOfFlag(flag, overrides);
  return flags.keep(flag, [overrides], { flag, overrides, parts, comparisons: parts.flatMap(collectFromPart) });
}

const others = new Memo<Written<unknown>, Subject>();

export function subjectOfSegment(segment: Written<WrittenSegment>): Subject {
  const known = others.recall(segment);
  if (known !== undefined) return known;
  const { file, data } = segment;
  const comparisons = collectFromList(data.conditions, '/conditions', {
    file,
    owner: { kind: 'segment', key: data.key },
  });
  return others.keep(segment, [], { ...NOTHING, segment, comparisons });
}

export function subjectOfGroup(group: Written<WrittenGroup>): Subject {
  return others.recall(group) ?? others.keep(group, [], { ...NOTHING, group });
}

export function subjectOfSettings(config: Written<WrittenProject>): Subject {
  return others.recall(config) ?? others.keep(config, [], { ...NOTHING, config });
}

export function subjectOfTests(tests: Written<WrittenTests>): Subject {
  return others.recall(tests) ?? others.keep(tests, [], { ...NOTHING, tests });
}

/** An override of a flag that is not there. */
export function subjectOfStray(override: Written<WrittenOverride>): Subject {
  return others.recall(override) ?? others.keep(override, [], { ...NOTHING, overrides: [override] });
}
