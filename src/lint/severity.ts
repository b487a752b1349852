import { type Code, catalogue, isCode, isGateCode } from '../diagnostics/catalogue.js';
import type { Severity } from '../diagnostics/diagnostic.js';
import type { Project } from '../project/project.js';

/** May this code be configured and suppressed? */
export function isAdvice(text: string): text is Code {
  return isCode(text) && !isGateCode(text);
}

export const ADVICE: readonly Code[] = Object.keys(catalogue).filter(isAdvice);

/** Does this project not want to hear of a code? */
export function isOff({ config }: Project, code: Code): boolean {
  return isAdvice(code) && config.data.lint?.[code] === 'off';
}

/** How severe a code that is not off is in this project. */
export function severityIn({ config }: Project, code: Code): Severity {
  const configured = isAdvice(code) ? config.data.lint?.[code] : undefined;
  return configured === undefined || configured === 'off' ? catalogue[code].severity : configured;
}
