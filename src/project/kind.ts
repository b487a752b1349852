/** What a file holds, told by its name. */
export type FileKind = 'project' | 'flag' | 'override' | 'segment' | 'group' | 'test';

const KINDS = new Map<string, FileKind>(
  (['flag', 'override', 'segment', 'group', 'test'] as const).map((kind) => [`.${kind}.yaml`, kind]),
);

export const PROJECT_FILE = 'flagstaff.yaml';

/** `undefined`: not a file of a flag repository. */
export function kindOf(path: string): FileKind | undefined {
  if (path === PROJECT_FILE) return 'project';
  const suffix = path.slice(path.lastIndexOf('.', path.length - '.yaml'.length - 1));
  return KINDS.get(suffix);
}
