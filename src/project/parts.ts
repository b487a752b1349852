import { child } from '../diagnostics/pointer.js';
import type { Part, Written } from './project.js';
import type { WrittenFlag, WrittenOverride } from './written.js';

export interface Parts {
  readonly parts: readonly Part[];
  readonly partsOf: ReadonlyMap<string, readonly Part[]>;
}

/** Every place that says what a flag does; for each flag its own, then its `environments`, then its override files. */
export function collectParts(
  flags: ReadonlyMap<string, Written<WrittenFlag>>,
  overrides: readonly Written<WrittenOverride>[],
): Parts {
  const partsOf = new Map<string, Part[]>();
  for (const [key, flag] of flags) partsOf.set(key, partsOfFlag(flag));
  for (const override of overrides) {
    const flag = flags.get(override.data.flag);
    if (flag !== undefined) partsOf.get(override.data.flag)?.push(partOfOverride(flag, override));
  }
  return { parts: [...partsOf.values()].flat(), partsOf };
}

function partsOfFlag(flag: Written<WrittenFlag>): Part[] {
  const own: Part = { flag, file: flag.file, pointer: '', behaviour: flag.data };
  const environments = Object.entries(flag.data.environments ?? {});
  return [
    own,
    ...environments.map(([environment, behaviour]) => ({
      flag,
      file: flag.file,
      pointer: child('/environments', environment),
      environment,
      behaviour,
    })),
  ];
}

function partOfOverride(flag: Written<WrittenFlag>, { file, data }: Written<WrittenOverride>): Part {
  return { flag, file, pointer: '', environment: data.environment, behaviour: data };
}
