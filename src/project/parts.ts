import { child } from '../diagnostics/pointer.js';
import type { FlagParts, Written } from './project.js';
import type { WrittenFlag, WrittenOverride } from './written.js';

/** Every place that says what a flag does. */
export function partsOfFlag(flag: Written<WrittenFlag>, overrides: readonly Written<WrittenOverride>[]): FlagParts {
  const own = { flag, file: flag.file, pointer: '', behaviour: flag.data };
  const environments = Object.entries(flag.data.environments ?? {}).map(([environment, behaviour]) => {
    return { flag, file: flag.file, pointer: child('/environments', environment), environment, behaviour };
  });
  const described = overrides.map(({ file, data }) => {
    return { flag, file, pointer: '', environment: data.environment, behaviour: data };
  });
  return [own, ...environments, ...described];
}
