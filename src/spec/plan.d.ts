import type { Project } from '../project/project.js';
import type { BrokenCase, PlannedCase } from './case.js';
/** Every case of every test file in the order they are written: defaults filled in, each `matrix` expanded. */
export declare function planCases(project: Project): (PlannedCase | BrokenCase)[];
