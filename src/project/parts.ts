import { child } from '../diagnostics/pointer.js';
import type { FlagParts, Part, Written } from './project.js';
import type { WrittenFlag, WrittenOverride } from './written.js';

export interface Parts {
  readonly parts: readonly Part[];
  readonly partsOf: ReadonlyMap<string, FlagParts>;
}

/** Every place that says what a flag does. */
export function collectParts(
  flags: ReadonlyMap<string, Written<WrittenFlag>>,
  overrides: readonly Written<WrittenOverride>[],
): Parts {
  const overridesOf = groupByFlag(overrides);
  const partsOf = new Map([...flags].map(([key, flag]) => [key, partsOfFlag(flag, overridesOf.get(key) ?? [])]));
  return { parts: [...partsOf.values()].flat(), partsOf };
}

function groupByFlag(overrides: readonly Written<WrittenOverride>[]): Map<string, Written<WrittenOverride>[]> {
  const groups = new Map<string, Written<WrittenOverride>[]>();
  for (const override of overrides) {
    const group = groups.get(override.data.flag);
    if (group === undefined) groups.set(override.data.flag, [override]);
    else group.push(override);
  }
  return groups;
}

function partsOfFlag(flag: Written<WrittenFlag>, overrides: readonly Written<WrittenOverride>[]): FlagParts {
  const own = { flag, file: flag.file, pointer: '', behaviour: flag.data };
  const environments = Object.entries(flag.data.environments ?? {}).map(([environment, behaviour]) => {
    return { flag, file: flag.file, pointer: child('/environments', environment), environment, behaviour };
  });
  const described = overrides.map(({ file, data }) => {
    return { flag, file, pointer: '', environment: data.environment, behaviour: data };
  });
  return [own, ...environments, ...described];
}
