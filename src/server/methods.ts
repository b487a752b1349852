import type { FastifyInstance } from 'fastify';

/** The methods that a path has. To be called before there are routes: the router itself tells of one method only. */
export function methodsOf(app: FastifyInstance): (path: string) => readonly string[] {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url }) => {
    if (url.includes('*')) return;
    const methods = known.get(url) ?? new Set<string>();
    known.set(url, methods);
    for (const one of [method].flat()) methods.add(one);
  });
  return (path) => {
    const steps = stepsOf(path);
    const fitting = [...known].filter(([url]) => fits(stepsOf(url), steps));
    return [...new Set(fitting.flatMap(([, methods]) => [...methods]))].sort();
  };
}

/** A slash at the end does not count. */
function stepsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}

function fits(pattern: readonly string[], steps: readonly string[]): boolean {
  if (pattern.length !== steps.length) return false;
  return pattern.every((step, index) => (step.startsWith(':') ? steps[index] !== '' : step === steps[index]));
}
