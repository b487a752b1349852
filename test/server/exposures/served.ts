import { compile } from '../../../src/project/compile.js';
import type { Served } from '../../../src/server/served.js';

const FLAG =
  'key: button\ntype: string\nvariants: { grey: g, green: n }\ndefault: grey\nexperiment: { split: { grey: 50, green: 50 } }\n';

/** A revision with one experiment, as it is served. */
export function servedOf(version: string, more = ''): Served {
  const files = [
    { path: 'flagstaff.yaml', text: 'environments: [production]\n' },
    { path: 'button.flag.yaml', text: FLAG + more },
  ];
  const { project, snapshot } = compile(files);
  if (project === undefined || snapshot === undefined) throw new Error('the flags do not compile');
  return {
    project,
    snapshot,
    origin: 'git',
    revision: { version, author: 'a', message: 'm', at: '2026-11-22T00:00:00Z' },
    position: { height: 1, history: '0'.repeat(12) },
    loadedAt: 0,
    flagVersions: new Map(),
  };
}
