import type { Group } from '../model/group.js';
import type { Settings, Snapshot } from '../model/snapshot.js';
import type { Project, Written } from './project.js';
import { resolver } from './resolve.js';
import type { WrittenGroup } from './written.js';

/** A project that passed the gate, resolved for each of its environments. */
export function toSnapshot(project: Project): Snapshot {
  const resolve = resolver(project);
  const { flags, segments, groups } = project;
  let files: Snapshot['files'] | undefined;
  return {
    settings: settingsOf(project),
    definitions: new Map(project.environments.map((environment) => [environment, resolve(environment)])),
    groups: [...project.groups.values()].map(toGroup).sort((a, b) => (a.key < b.key ? -1 : 1)),
    get files() {
      files ??= filesOf({ flags, segments, groups });
      return files;
    },
  };
}

function settingsOf(project: Project): Settings {
  const { context = {}, naming = {}, lint = {}, review = {}, lifecycle = {} } = project.config.data;
  return {
    environments: project.environments,
    defaultEnvironment: project.defaultEnvironment,
    protected: [...project.protectedEnvironments],
    context,
    naming,
    lint,
    review: { max_impact: {}, ...review },
    lifecycle,
  };
}

function toGroup({ data }: Written<WrittenGroup>): Group {
  return { ...data, bucket_by: data.bucket_by ?? 'targetingKey' };
}

function filesOf({ flags, segments, groups }: Pick<Project, 'flags' | 'segments' | 'groups'>): Map<string, string> {
  const files = new Map<string, string>();
  for (const [key, { file }] of flags) files.set(`flag:${key}`, file);
  for (const [key, { file }] of segments) files.set(`segment:${key}`, file);
  for (const [key, { file }] of groups) files.set(`group:${key}`, file);
  return files;
}
