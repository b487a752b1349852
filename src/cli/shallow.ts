import type { Terminal } from './terminal.js';

/** @param commit up to which a shallow clone hides what happened */
export async function tellCutOff(commit: string, { stderr }: Terminal): Promise<void> {
  await stderr.write(
    `warning: this is a shallow clone: what happened up to ${commit.slice(0, 12)} is not known\n` +
      'help: fetch the rest with `git fetch --unshallow`\n',
  );
}
