import type { Blamed } from '../history/blame.js';

/** The same as JSON; its shape is `schemas/output/blame.schema.json`. */
export function blameJson(lines: readonly Blamed[]): string {
  return `${JSON.stringify(lines.map(lineData), null, 2)}\n`;
}

function lineData({ path, field, environments, text, commit }: Blamed): object {
  const line = { path, field, environments, text };
  if (commit === undefined) return line;
  const { oid, committed, author, message } = commit;
  return { ...line, version: oid, time: new Date(committed).toISOString(), author, message };
}
