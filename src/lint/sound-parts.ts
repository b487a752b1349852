import { Memo } from '../project/memo.js';
import type { Part, Project } from '../project/project.js';
import type { RuleFinding } from '../project/rule.js';

const tokens = new Memo<Project['config'], readonly unknown[]>();

/** The same as long as the settings, the segments and the types of the flags are. */
function surroundings({ config, flags, segments }: Project): readonly unknown[] {
  const inputs = [[...segments.values()], [...flags.keys()], Array.from(flags.values(), ({ data }) => data.type)];
  return tokens.recall(config, inputs) ?? tokens.keep(config, inputs, [{}]);
}

/**
 * Looks at each part, but at none a second time in which there was nothing to tell: whoever lints after each change
 * pays for what has changed. What the check says may depend on the part and on its surroundings, and on nothing else.
 */
export class SoundParts {
  readonly #sound = new Memo<Part, true>();

  *check(project: Project, check: (part: Part) => Iterable<RuleFinding>): Iterable<RuleFinding> {
    const inputs = surroundings(project);
    for (const part of project.parts) {
      if (this.#sound.recall(part, inputs)) continue;
      const findings = [...check(part)];
      if (findings.length === 0) this.#sound.keep(part, inputs, true);
      yield* findings;
    }
  }
}
