/** What a command ends with: fine, findings (or a flag that could not be evaluated), could not run, a bug. */
export const EXIT = { ok: 0, findings: 1, refused: 2, bug: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
