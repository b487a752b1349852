import { type SimpleGitOptions, simpleGit } from 'simple-git';
import { gitRefusal } from './git-refusal.js';
import { HARMLESS } from './git-settings.js';

/**
 * simple-git guards against settings that run programs. Those of the repository are set to run none; the variables are
 * the user's own.
 */
const GUARDS_LIFTED = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
} satisfies SimpleGitOptions['unsafe'];

/**
 * What one command of git prints. A git that fails without a word has answered: there is nothing of what was asked for.
 *
 * @param env all variables that git may see
 * @throws Refusal when git fails
 */
export async function oneOff(
  directory: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  try {
    return await simpleGit({
      baseDir: directory,
      config: [...HARMLESS],
      unsafe: GUARDS_LIFTED,
      completion: { onClose: true, onExit: false },
      errors: complaintOf,
    })
      .env({ ...env })
      .raw([...args]);
  } catch (error) {
    throw gitRefusal(error, directory);
  }
}

type Ended = Parameters<NonNullable<SimpleGitOptions['errors']>>[1];

/** A git that a signal ends has no exit code, and has not said all. */
function complaintOf(error: Buffer | Error | undefined, { exitCode, stdErr }: Ended): Buffer | Error | undefined {
  const complaint = Buffer.concat(stdErr);
  if (error !== undefined || exitCode === 0 || (typeof exitCode === 'number' && complaint.length === 0)) return error;
  return complaint.length > 0 ? complaint : new Error('it was ended by a signal');
}
