import { Refusal } from '../../diagnostics/refusal.js';
import { signedText } from './commit-object.js';
import type { ObjectFormat } from './objects.js';
import type { Plumbing } from './plumbing.js';

/**
 * The commit with an ssh signature, as `git commit -S` makes it where `gpg.format` is `ssh`.
 *
 * @param key the file of a private key without a passphrase, or of a public one whose other half an agent holds
 * @throws Refusal
 */
export async function signed({ run }: Plumbing, commit: string, key: string, format: ObjectFormat): Promise<string> {
  const { ok, output, complaint } = await run('ssh-keygen', ['-Y', 'sign', '-n', 'git', '-f', key], {
    input: commit,
    env: { SSH_ASKPASS_REQUIRE: 'never', DISPLAY: undefined },
  });
  if (ok) return signedText(commit, output, format === 'sha1' ? 'gpgsig' : 'gpgsig-sha256');
  throw new Refusal('unavailable', `cannot sign with \`${key}\`; nothing was written`, { help: lastLine(complaint) });
}

function lastLine(complaint: string): string {
  return complaint.slice(complaint.lastIndexOf('\n') + 1);
}
