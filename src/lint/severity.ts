import { type Code, catalogue, isCode, isGateCode } from '../diagnostics/catalogue.js';
import type { Severity } from '../diagnostics/diagnostic.js';
import type { Project } from '../project/project.js';

/** Whose `lint` settings count. */
export type Judge = Pick<Project, 'config'>;

/** May this code be configured and suppressed? */
export function isAdvice(text: string): text is Code {
  return isCode(text) && !isGateCode(text);
}

export const ADVICE: readonly Code[] = Object.keys(catalogue).filter(isAdvice);

/** Does the judge not want to hear of a code? */
export function isOff({ config }: Judge, code: Code): boolean {
  return isAdvice(code) && config.data.lint?.[code] === 'off';
}

/** How severe a code that is not off is to the judge. */
export function severityIn({ config }: Judge, code: Code): Severity {
  const configured = isAdvice(code) ? config.data.lint?.[code] : undefined;
  return configured === undefined || configured === 'off' ? catalogue[code].severity : configured;
}
