import type { Flag } from '../model/flag.js';
import { palette } from './palette.js';
import { type Column, table } from './table.js';

/** A flag as `flagstaff list` prints it; its shape is `schemas/output/list.schema.json`. */
export interface ListedFlag {
  readonly key: string;
  readonly type: Flag['type'];
  readonly state: Flag['state'];
  readonly description?: string;
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly purpose?: string;
  /** The file that defines it. */
  readonly file: string;
  /** Environment to what the flag does there, in a few words. */
  readonly environments: Readonly<Record<string, string>>;
}

export function flagListJson(flags: readonly ListedFlag[]): string {
  return `${JSON.stringify(flags, null, 2)}\n`;
}

export function flagListText(
  flags: readonly ListedFlag[],
  options: { readonly environments: readonly string[]; readonly colour: boolean },
): string {
  const paint = palette(options.colour);
  const dimmed = (text: string, { state }: ListedFlag): string => (state === 'archived' ? paint.dim(text) : text);
  const environments = options.environments.map(
    (name): Column<ListedFlag> => ({
      title: name.toUpperCase(),
      cell: (flag) => flag.environments[name] ?? '',
      paint: dimmed,
    }),
  );
  return table(
    flags,
    [
      { title: 'FLAG', cell: ({ key }) => key, paint: (text, flag) => paint.bold(dimmed(text, flag)) },
      { title: 'TYPE', cell: ({ type }) => type, paint: dimmed },
      { title: 'STATE', cell: ({ state }) => state, paint: dimmed },
      ...environments,
      { title: 'OWNER', cell: ({ owner }) => owner ?? '', paint: dimmed },
    ],
    paint,
  );
}
