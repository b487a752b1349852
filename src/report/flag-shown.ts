import type { Flag } from '../model/flag.js';
import { toYaml } from '../syntax/to-yaml.js';
import { behaviourAsWritten, identityAsWritten } from './flag-as-written.js';
import { palette } from './palette.js';

/** A flag as it stands in one environment. */
export interface ShownFlag {
  readonly environment: string;
  readonly flag: Flag;
  /** The file that defines the flag. */
  readonly file: string;
  /** For each key of what the flag does, the file that says so (and where in it); what no file says is a default. */
  readonly from: Readonly<Record<string, string>>;
}

/** Its shape is `schemas/output/show.schema.json`. */
export function flagJson({ environment, flag, file, from }: ShownFlag): string {
  const shown = { environment, file, flag: { ...identityAsWritten(flag), ...behaviourAsWritten(flag) }, from };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

/** As YAML: what the flag is, then what it does, each part below the file that says so. */
export function flagYaml(shown: ShownFlag, options: { readonly colour: boolean }): string {
  const paint = palette(options.colour);
  const behaviour = Object.entries(behaviourAsWritten(shown.flag));
  const origins = [...new Set(behaviour.map(([key]) => shown.from[key]))].sort(definedFirst);
  const parts = [
    [`${shown.file}`, identityAsWritten(shown.flag)] as const,
    ...origins.map((origin) => {
      const entries = behaviour.filter(([key]) => shown.from[key] === origin);
      return [`in ${shown.environment}: ${origin ?? 'left out, so the default'}`, Object.fromEntries(entries)] as const;
    }),
  ];
  return parts.map(([comment, data]) => `${paint.dim(`# ${comment}`)}\n${toYaml(data)}`).join('\n');
}

function definedFirst(a: string | undefined, b: string | undefined): number {
  return Number(a === undefined) - Number(b === undefined);
}
