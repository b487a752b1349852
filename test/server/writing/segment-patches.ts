import { mkdir, writeFile } from 'node:fs/promises';
import type { Literal } from '../../project/files.js';
import type { TestRepository } from '../../repository.js';
import { startWriting } from './writing-server.js';

/** The rules swap what they ask for; whoever is A of one and B of the other fits neither. */
const RULES = ['free', 'pro'].map((plan, index) => [
  { attribute: 'plan', operator: 'eq', value: plan },
  { attribute: 'country', operator: 'eq', value: ['DE', 'FR'][index] },
]);

const NOBODY = [
  { targetingKey: 'u1', plan: 'free', country: 'FR' },
  { targetingKey: 'u2', plan: 'pro', country: 'DE' },
];

const FILES = {
  'members.segment.yaml':
    'key: members\nconditions:\n  - { attribute: plan, operator: eq, value: pro }\n  - { attribute: country, operator: eq, value: FR }\n',
  'banner.flag.yaml':
    'key: banner\ntype: boolean\ndefault: off\nrules: [{ conditions: [{ operator: in_segment, value: members }], serve: on }]\n',
};

/** Every git that the server starts comes late, and what reads objects does so at each of them. */
async function slowGit({ path, environment }: TestRepository): Promise<Record<string, string>> {
  const before = String(environment.PATH);
  const script = `#!/bin/sh
PATH='${before}'
sleep 0.02
case "$*" in
  *cat-file*) while IFS= read -r line; do sleep 0.02; printf '%s\\n' "$line"; done | git "$@" ;;
  *) exec git "$@" ;;
esac
`;
  await mkdir(path('..', 'slow'));
  await writeFile(path('..', 'slow', 'git'), script, { mode: 0o755 });
  return { ...environment, PATH: `${path('..', 'slow')}:${before}` };
}

/** Patches the rules of a segment again and again, while users who never fit are evaluated all the time. */
export async function patchSegment(more: Literal, count: number) {
  const writing = await startWriting({ ...more, ...FILES }, {}, slowGit);
  // The branch moves slowly: much is evaluated between a commit that is made and one that is served.
  const hook = writing.repository.path('.git', 'hooks', 'reference-transaction');
  await writeFile(hook, '#!/bin/sh\nsleep 0.02\n', { mode: 0o755 });
  const wrong: unknown[] = [];
  let evaluations = 0;
  let patches = 0;
  let done = false;
  const evaluate = async () => {
    while (!done) {
      for (const context of NOBODY) {
        const { status, body } = await writing.send('POST', '/flags/banner/evaluate', { context });
        evaluations += 1;
        if (status !== 200 || body.value !== false) wrong.push([context, status, body]);
      }
    }
  };
  const evaluating = evaluate();
  for (let round = 0; round < count; round += 1) {
    const { status } = await writing.send('PATCH', '/segments/members', { conditions: RULES[round % 2] });
    if (status === 200) patches += 1;
  }
  done = true;
  await evaluating;
  await writing.close();
  return { patches, evaluations, wrong };
}
