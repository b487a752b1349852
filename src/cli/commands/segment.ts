import { assign } from '../../write/at-path.js';
import { changeSegment, createObject, listIds, unlistIds } from '../../write/objects.js';
import { type AssignmentOptions, assignmentsOf } from '../assignments.js';
import { type ChangeOptions, runChange } from '../change.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { parseCondition } from '../value-input.js';

interface SegmentOptions extends ChangeOptions {
  readonly key: string;
}

export interface SegmentCreateOptions extends SegmentOptions {
  readonly description?: string;
  readonly owner?: string;
  readonly parent?: string;
  /** Conditions, all of which must hold. */
  readonly if?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** A folder of the flag repository. */
  readonly in?: string;
}

export type SegmentSetOptions = SegmentOptions & AssignmentOptions;

export interface SegmentIdsOptions extends SegmentOptions {
  readonly id: readonly string[];
}

export function runSegmentCreate(options: SegmentCreateOptions, terminal: Terminal): Promise<ExitCode> {
  const { key, description, owner, parent, if: conditions, include, exclude } = options;
  const segment = {
    key,
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(parent === undefined ? {} : { parent }),
    ...(conditions === undefined ? {} : { conditions: conditions.map(parseCondition) }),
    ...(include === undefined ? {} : { included: include }),
    ...(exclude === undefined ? {} : { excluded: exclude }),
  };
  return runChange(key, options, terminal, (project) => createObject(project, 'segment', segment, options.in));
}

export function runSegmentSet(options: SegmentSetOptions, terminal: Terminal): Promise<ExitCode> {
  const assignments = assignmentsOf(options);
  return runChange(options.key, options, terminal, (project) =>
    changeSegment(project, options.key, assign(assignments)),
  );
}

export function runSegmentInclude(options: SegmentIdsOptions, terminal: Terminal): Promise<ExitCode> {
  const { key, id } = options;
  return runChange(key, options, terminal, (project) => changeSegment(project, key, listIds('included', id)));
}

export function runSegmentExclude(options: SegmentIdsOptions, terminal: Terminal): Promise<ExitCode> {
  const { key, id } = options;
  return runChange(key, options, terminal, (project) => changeSegment(project, key, listIds('excluded', id)));
}

export function runSegmentUnlist(options: SegmentIdsOptions, terminal: Terminal): Promise<ExitCode> {
  const { key, id } = options;
  return runChange(key, options, terminal, (project) => changeSegment(project, key, unlistIds(id)));
}
