import type { JsonObject } from '../model/json.js';
import type { Project, Written } from '../project/project.js';
import type { WrittenFlag } from '../project/written.js';
import type { Edit, FileChange } from './change.js';
import { withField, withoutField } from './fields.js';
import { findFlag, refuseUnknownEnvironment } from './find.js';

/** What a flag is and does, whatever the environment. @throws Refusal */
export function changeFlag(project: Project, key: string, edit: Edit): FileChange {
  const { file, data } = findFlag(project, key);
  const before = data as unknown as JsonObject;
  return { path: file, before, after: edit(before, {}) };
}

/**
 * What a flag does: everywhere, or in one environment. An environment's part is changed where it stands; a new one
 * stands in the flag's file, that of a protected environment in an override file beside it.
 *
 * @throws Refusal when there is no such flag or environment
 */
export function changeBehaviour(
  project: Project,
  key: string,
  environment: string | undefined,
  edit: Edit,
): FileChange {
  if (environment === undefined) return changeFlag(project, key, edit);
  const flag = findFlag(project, key);
  refuseUnknownEnvironment(project, environment);
  const guarded = project.protectedEnvironments.has(environment);
  const inherited = guarded ? {} : (flag.data as unknown as JsonObject);
  const override = project.overrides.find(({ data }) => data.flag === key && data.environment === environment);
  if (override !== undefined) {
    const before = override.data as unknown as JsonObject;
    return { path: override.file, before, after: edit(before, inherited) };
  }
  return guarded ? newOverride(flag, environment, edit) : changePart(flag, environment, edit);
}

/** The file of a protected environment needs a `default` of its own; it begins with the flag's. */
function newOverride({ file, data }: Written<WrittenFlag>, environment: string, edit: Edit): FileChange {
  const directory = file.slice(0, file.lastIndexOf('/') + 1);
  const start = { flag: data.key, environment, default: data.default ?? null };
  return { path: `${directory}${data.key}.${environment}.override.yaml`, before: undefined, after: edit(start, {}) };
}

/** A part that comes to say nothing goes, and so does an empty `environments`. */
function changePart({ file, data }: Written<WrittenFlag>, environment: string, edit: Edit): FileChange {
  const before = data as unknown as JsonObject;
  const parts = (data.environments ?? {}) as unknown as JsonObject;
  const part = (parts[environment] ?? {}) as JsonObject;
  const edited = edit(part, before);
  if (edited === part) return { path: file, before, after: before };
  const isEmpty = Object.keys(edited).length === 0;
  const after = isEmpty ? withoutField(parts, environment) : withField(parts, environment, edited);
  const rest =
    Object.keys(after).length === 0 ? withoutField(before, 'environments') : withField(before, 'environments', after);
  return { path: file, before, after: rest };
}
