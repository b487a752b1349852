/** What a file holds, told by its name. */
const FILE_KINDS = ['project', 'flag', 'override', 'segment', 'group', 'test'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export const PROJECT_FILE = 'flagstaff.yaml';

/** `undefined`: not a file of a flag repository. */
export function kindOf(path: string): FileKind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (path === PROJECT_FILE) return 'project';
  return FILE_KINDS.find((kind) => kind !== 'project' && name.endsWith(`.${kind}.yaml`));
}
