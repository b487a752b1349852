import { Refusal } from '../diagnostics/refusal.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { Project, Written } from '../project/project.js';
import type { WrittenFlag, WrittenSegment } from '../project/written.js';

/** @throws Refusal when there is no such flag, or its file has a problem */
export function findFlag(project: Project, key: string): Written<WrittenFlag> {
  return found('flag', key, project.flags, project.broken.flags);
}

/** @throws Refusal when there is no such segment, or its file has a problem */
export function findSegment(project: Project, key: string): Written<WrittenSegment> {
  return found('segment', key, project.segments, project.broken.segments);
}

function found<T>(noun: string, key: string, known: ReadonlyMap<string, T>, broken: ReadonlySet<string>): T {
  const object = known.get(key);
  if (object !== undefined) return object;
  if (broken.has(key)) {
    const help = '`flagstaff lint` shows what is wrong; repair that first';
    throw new Refusal('unavailable', `the file of ${noun} \`${key}\` has a problem`, { help });
  }
  throw new Refusal('not-found', `there is no ${noun} \`${key}\``, {
    help:
      didYouMean(key, known.keys()) ??
      `\`flagstaff ${noun === 'flag' ? 'create' : 'segment create'} ${key}\` makes one`,
  });
}

/** @throws Refusal when there is no such environment */
export function refuseUnknownEnvironment({ environments }: Project, environment: string): void {
  if (environments.includes(environment)) return;
  const all = environments.map((name) => `\`${name}\``).join(', ');
  throw new Refusal('not-found', `there is no environment \`${environment}\``, {
    help: didYouMean(environment, environments) ?? `the environments are ${all}`,
  });
}

/** @throws Refusal when the key is taken, be it by a file with a problem */
export function refuseTaken(project: Project, noun: 'flag' | 'segment', key: string): void {
  const [known, broken] =
    noun === 'flag' ? [project.flags, project.broken.flags] : [project.segments, project.broken.segments];
  const file = known.get(key)?.file;
  if (file === undefined && !broken.has(key)) return;
  const where = file === undefined ? '' : `: \`${file}\``;
  throw new Refusal('already-exists', `there is a ${noun} \`${key}\` already${where}`, { help: 'choose another key' });
}
