import { behaviourIn } from '../project/behaviour.js';
import type { Part, Project, Written } from '../project/project.js';
import type { WrittenBehaviour, WrittenFlag } from '../project/written.js';

/** How a flag stands in some environments that all say the same of it. */
export interface Standing {
  readonly environments: readonly string[];
  /** The flag's own behaviour with the environment's in its place; removed keys are absent. */
  readonly behaviour: WrittenBehaviour;
  /** The part that gives this key here. */
  readonly sourceOf: (key: keyof WrittenBehaviour) => Part | undefined;
}

/** Flags that are not archived. */
export function activeFlags(project: Project): Written<WrittenFlag>[] {
  return [...project.flags.values()].filter(({ data }) => data.state !== 'archived');
}

/** Every way in which a flag stands in the environments that know what it does. */
export function standingsOf(project: Project, key: string): Standing[] {
  const parts = project.partsOf.get(key) ?? [];
  const described = new Map(parts.map((part) => [part.environment, part]));
  const own = described.get(undefined);
  const inheriting = project.environments.filter(
    (name) => !described.has(name) && !project.protectedEnvironments.has(name),
  );
  return [
    ...(inheriting.length > 0 ? [standing(project, key, inheriting, [own])] : []),
    ...project.environments
      .filter((name) => described.has(name))
      .map((name) => {
        const part = described.get(name);
        return standing(project, key, [name], project.protectedEnvironments.has(name) ? [part] : [part, own]);
      }),
  ];
}

/** @param layers the parts that say what the flag does, the strongest first */
function standing(
  project: Project,
  flag: string,
  environments: readonly string[],
  layers: readonly (Part | undefined)[],
): Standing {
  return {
    environments,
    behaviour: behaviourIn(project, flag, environments[0] ?? ''),
    sourceOf: (key) => layers.find((part) => part?.behaviour[key] !== undefined),
  };
}
