import type { Flag } from '../../model/flag.js';
import type { Served } from '../../server/served.js';

export interface HintSetting {
  readonly url: string;
  readonly served: Served;
  /** What requests that name none are about; the default of the project if left out. */
  readonly environment: string | undefined;
  /** How a file of the repository is named to the reader. */
  readonly shown: (file: string) => string;
}

/** What to try on a server that needs no key: one answer, all of them, the stream, and a change that is seen there. */
export function hints({ url, served, environment, shown }: HintSetting): string {
  const { definitions, settings, files } = served.snapshot;
  const flag = exampleOf(definitions.get(environment ?? settings.defaultEnvironment)?.flags ?? []);
  if (flag === undefined) return `\nThere are no flags yet. ${url}/docs has all that the server answers.\n`;
  const json = "-H 'content-type: application/json'";
  const file = files.get(`flag:${flag.key}`);
  const change =
    served.origin === 'worktree' && file !== undefined ? `Then change ${shown(file)} and see it there.\n` : '';
  return `
Try, in another terminal:

  # one flag for one user
  curl -s ${url}/flags/${flag.key}/evaluate ${json} -d '{"user_id": "user-1"}'
  # all flags, as OpenFeature SDKs ask for them (OFREP)
  curl -s ${url}/ofrep/v1/evaluate/flags ${json} -d '{"context": {"targetingKey": "user-1"}}'
  # every change as it happens
  curl -sN ${url}/stream

${change}${url}/docs has all that the server answers. Ctrl-C ends it.

`;
}

/** A flag that answers differently for different users, if there is one. */
function exampleOf(flags: readonly Flag[]): Flag | undefined {
  const active = flags.filter(({ state }) => state === 'active');
  return active.find(({ enabled, rollout }) => enabled && rollout !== undefined) ?? active[0];
}
