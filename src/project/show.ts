import { shorten } from '../schema/wording.js';
import { sourceAt } from '../syntax/locate.js';
import type { SourceFile } from '../syntax/source-file.js';
import type { At } from './places.js';
import type { Project } from './project.js';

/** A value for a message: as the user wrote it (`2.10`, not `2.1`) if it is a scalar, else what kind of thing it is. */
export function showValue(project: Project, { file, pointer }: At, value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const source = project.files.find(({ path }) => path === file) as SourceFile;
  return `\`${shorten(sourceAt(source, pointer) as string)}\``;
}
