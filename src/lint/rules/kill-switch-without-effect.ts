import type { Place } from '../../diagnostics/diagnostic.js';
import { child } from '../../diagnostics/pointer.js';
import type { Project } from '../../project/project.js';
import type { Rule, RuleFinding } from '../../project/rule.js';
import type { WrittenFlag } from '../../project/written.js';
import { type Served, servedBy } from '../served.js';
import { activeFlags, type Standing, standingsOf } from '../standing.js';

export const killSwitchWithoutEffect: Rule = {
  code: 'safety/kill-switch-without-effect',
  *check({ project }) {
    for (const { file, data } of activeFlags(project)) yield* checkFlag(data, file, project);
  },
};

/** A flag as it stands, with what it serves there. */
interface Case {
  readonly standing: Standing;
  readonly served: Served;
}

function* checkFlag(flag: WrittenFlag, file: string, project: Project): Iterable<RuleFinding> {
  const cases = standingsOf(project, flag.key).map((standing) => ({
    standing,
    served: servedBy(standing.behaviour, flag.type),
  }));
  const constant = cases.filter(({ served }) => served.variants.size === 1 && served.variants.has(served.off));
  const everywhere = constant.length === cases.length;
  const risky = constant.filter(({ served }) => isRisky(flag, served, everywhere));
  for (const [place, some] of byPlace(risky, file)) yield finding(place, some);
}

/** A flag that is not released yet serves what is safe to everyone: nobody needs to switch that off. */
function isRisky({ type, purpose }: WrittenFlag, { off, targeted }: Served, everywhere: boolean): boolean {
  if (targeted || purpose === 'kill_switch') return true;
  if (off === null || off === 'off') return false;
  return type === 'boolean' || everywhere;
}

/** The key that says what is served when the flag is off; environments that share it are one finding. */
function byPlace(cases: readonly Case[], file: string): Map<Place, Case[]> {
  const places = new Map<string, Place>();
  const groups = new Map<Place, Case[]>();
  for (const one of cases) {
    const found = placeOf(one, file);
    const place = places.get(`${found.file}#${found.pointer}`) ?? found;
    places.set(`${place.file}#${place.pointer}`, place);
    groups.set(place, [...(groups.get(place) ?? []), one]);
  }
  return groups;
}

function placeOf({ standing: { sourceOf, behaviour } }: Case, file: string): Place {
  const key = behaviour.off_variant === undefined ? 'default' : 'off_variant';
  const part = sourceOf(key);
  return part === undefined ? { file, pointer: '/key' } : { file: part.file, pointer: child(part.pointer, key) };
}

function finding(place: Place, cases: readonly Case[]): RuleFinding {
  const environments = cases.flatMap(({ standing }) => standing.environments).map((name) => `\`${name}\``);
  const off = cases[0]?.served.off;
  const what = typeof off === 'string' ? `\`${off}\`` : "the caller's own default";
  return {
    ...place,
    message: `switching the flag off changes nothing in ${environments.join(', ')}: everyone gets ${what} anyway`,
    help: 'set `off_variant` to the variant that is safe for everyone',
  };
}
