import { Problem } from '../problem.js';
import type { Scope } from './key.js';
import type { Principal } from './principal.js';

/** @throws Problem when whoever asks has not got the scope; a key that names none has all of them */
export function refuseWithoutScope({ scopes }: Principal, scope: Scope): void {
  if (scopes === undefined || scopes.includes(scope)) return;
  throw new Problem('forbidden', `this needs the scope \`${scope}\``, {
    help: `you have ${scopes.map((one) => `\`${one}\``).join(', ') || 'none'}`,
  });
}

/** The environments that whoever asks may change; `undefined`: all of them. */
export function environmentsOf({ environment, environments }: Principal): readonly string[] | undefined {
  return environment === undefined ? environments : [environment];
}
