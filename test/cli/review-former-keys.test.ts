import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { memoryTerminal } from './memory-terminal.js';

const flag = (key: string, description: string) =>
  `key: ${key}\ntype: boolean\nowner: x\npurpose: release\ndescription: ${description}\ndefault: off\n`;
const old = flag('old.banner', 'the banner of spring');

let repository: TestRepository;

/** A flag was removed from the base; another branch had one that was never merged. */
beforeAll(async () => {
  repository = await makeRepository([
    { files: { 'flags/flagstaff.yaml': 'environments: [production]\n', 'flags/a.flag.yaml': flag('a', 'here') } },
    { files: { 'flags/old.flag.yaml': old } },
    { files: { 'flags/old.flag.yaml': null } },
    { on: 'other', files: { 'flags/never.flag.yaml': flag('never', 'not merged') } },
    { on: 'main', files: { 'flags/s.segment.yaml': 'key: former-segment\nincluded: [u]\n' } },
    { files: { 'flags/s.segment.yaml': null } },
    { files: { 'flags/later.flag.yaml': flag('later', 'the first one') } },
    { files: { 'flags/later.flag.yaml': null } },
  ]);
});

afterAll(() => repository.remove());

async function reviewed(branch: string, files: Readonly<Record<string, string>>, dir = repository.dir) {
  await repository.git('checkout', '--quiet', '-B', branch, 'main');
  await repository.write(files);
  const terminal = { ...memoryTerminal({ cwd: dir }), env: repository.environment };
  await main(['review', '--base', 'main', '--format', 'json'], terminal);
  await repository.git('clean', '-fdq');
  await repository.git('checkout', '--quiet', '--force', 'main');
  const { findings, policy } = JSON.parse(terminal.out());
  return {
    told: findings.filter(({ code }: { code: string }) => code === 'review/reused-key'),
    line: policy.find(({ rule }: { rule: string }) => rule === 'review/reused-key'),
  };
}

describe('the key of a flag that was removed', () => {
  it('is told when another flag takes it, whatever the file is called', async () => {
    const { told } = await reviewed('reuse', { 'flags/fresh.flag.yaml': flag('old.banner', 'another banner') });
    const removal = repository.commits[2]?.slice(0, 12);
    expect(told).toMatchObject([
      {
        severity: 'error',
        file: 'flags/fresh.flag.yaml',
        message: `\`old.banner\` is the key of a flag that was removed (commit ${removal}), and is used again`,
      },
    ]);
  });

  it('may come back with the flag, as it was', async () => {
    const { told, line } = await reviewed('revert', { 'flags/old.flag.yaml': old });
    expect({ told, line }).toEqual({ told: [], line: { rule: 'review/reused-key', ok: true, detail: 'none' } });
  });

  it('is told of each of several, with the commit of each', async () => {
    const { told } = await reviewed('several', {
      'flags/later.flag.yaml': flag('later', 'the second one'),
      'flags/fresh.flag.yaml': flag('old.banner', 'another banner'),
      'flags/never.flag.yaml': flag('never', 'another'),
    });
    const [, , first, , , , , second] = repository.commits.map((commit) => commit.slice(0, 12));
    const files = told.map(({ file, message }: Record<string, string>) => [
      file,
      /commit (\w+)/.exec(message ?? '')?.[1],
    ]);
    expect(files.sort()).toEqual([
      ['flags/fresh.flag.yaml', first],
      ['flags/later.flag.yaml', second],
    ]);
  });

  it('is none where only another branch, or a segment, had it', async () => {
    const { told } = await reviewed('fresh', {
      'flags/never.flag.yaml': flag('never', 'another'),
      'flags/former.flag.yaml': flag('former-segment', 'new'),
    });
    expect(told).toEqual([]);
  });

  it('is not known in a shallow clone, which says so', async () => {
    await repository.write({ '.git/shallow': `${repository.commits.at(-1)}\n` });
    const { told, line } = await reviewed('shallow', { 'flags/fresh.flag.yaml': flag('quite.new', 'new') });
    expect(told).toEqual([]);
    expect(line).toMatchObject({ ok: null, detail: 'not known: the history is cut off in this shallow clone' });
  });
});
