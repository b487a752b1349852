import type { Prerequisite } from '../model/flag.js';
import { Fault } from './fault.js';
import { type FlagScope, type Step, tellStep } from './flag-scope.js';
import { askFlag } from './other-flag.js';
import { fail, unparsable } from './scope.js';

/** A step for each prerequisite, in order: it decides when the other flag does not serve what is wanted. */
export function compilePrerequisites(scope: FlagScope): readonly Step[] {
  return scope.subject.prerequisites.map((prerequisite) => compilePrerequisite(prerequisite, scope));
}

function compilePrerequisite({ flag, variants }: Prerequisite, scope: FlagScope): Step {
  const { answers, instrument, subject } = scope;
  const serves = variants.length > 0 ? askFlag(flag, variants, scope) : unparsable('a prerequisite names no variant');
  const failed = answers.serve(subject.off_variant, 'PREREQUISITE_FAILED');
  const step: Step = serves instanceof Fault ? fail(serves) : (run) => (serves(run) === true ? undefined : failed);
  return instrument.step(`prerequisite ${flag} in ${variants.join(', ')}`, step, tellStep);
}
