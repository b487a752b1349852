import { child } from '../diagnostics/pointer.js';
import type { Project } from '../project/project.js';
import type { WrittenBehaviour } from '../project/written.js';

interface FilePlace {
  readonly file: string;
  readonly pointer: string;
}

/** Where a flag says something about itself. */
export function flagPlace({ flags }: Project, key: string, field: string): FilePlace {
  return { file: flags.get(key)?.file ?? '', pointer: child('', field) };
}

/** Where it is written what a flag does in an environment: in its own part, else in the flag's. */
export function behaviourPlace(
  project: Project,
  key: string,
  environment: string,
  field: keyof WrittenBehaviour,
): FilePlace {
  const parts = project.parts.filter(({ flag, behaviour }) => flag.data.key === key && behaviour[field] !== undefined);
  const part =
    parts.find((one) => one.environment === environment) ?? parts.find((one) => one.environment === undefined);
  return part ? { file: part.file, pointer: child(part.pointer, field) } : flagPlace(project, key, 'key');
}
