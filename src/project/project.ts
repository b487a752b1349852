import type { Comparison } from '../model/condition.js';
import type { SourceFile } from '../syntax/source-file.js';
import type {
  WrittenBehaviour,
  WrittenFlag,
  WrittenGroup,
  WrittenOverride,
  WrittenProject,
  WrittenSegment,
  WrittenTests,
} from './written.js';

/** A file that passed syntax and schema, with what it says. */
export interface Written<T> {
  readonly file: string;
  readonly data: T;
}

/**
 * One place that says what a flag does: the flag file itself, an entry of its `environments`,
 * or an override file. `pointer` leads to the mapping that holds the behaviour keys.
 */
export interface Part {
  readonly flag: Written<WrittenFlag>;
  readonly file: string;
  readonly pointer: string;
  /** `undefined`: the flag file's own behaviour, for every environment that does not replace it. */
  readonly environment?: string;
  readonly behaviour: WrittenBehaviour;
}

/** What a part says of one environment. */
interface EnvironmentPart extends Part {
  readonly environment: string;
}

/** The parts of one flag: its own, then its `environments`, then its override files. */
export type FlagParts = readonly [Part, ...EnvironmentPart[]];

/** By environment, what a flag does there. */
export type Behaviours = ReadonlyMap<string, WrittenBehaviour>;

/** A comparison somewhere in a rule, an experiment's audience or a segment. */
export interface WrittenComparisonPlace {
  readonly comparison: Comparison;
  readonly file: string;
  readonly pointer: string;
  /** The flag or segment it belongs to. */
  readonly owner: { readonly kind: 'flag' | 'segment'; readonly key: string };
  readonly part?: Part;
}

/** What most rules judge by itself: a flag with its override files, any other object, or the settings. */
export interface Subject {
  readonly config?: Written<WrittenProject>;
  readonly flag?: Written<WrittenFlag>;
  readonly segment?: Written<WrittenSegment>;
  readonly group?: Written<WrittenGroup>;
  readonly tests?: Written<WrittenTests>;
  /** Of the flag; without one, an override of a flag that is not there. */
  readonly overrides: readonly Written<WrittenOverride>[];
  readonly parts: readonly Part[];
  readonly comparisons: readonly WrittenComparisonPlace[];
}

export interface FlagSubject extends Subject {
  readonly flag: Written<WrittenFlag>;
  readonly parts: FlagParts;
}

/** A flag repository as written: every file that could be read, by key, in the order of the paths. */
export interface Project {
  readonly files: readonly SourceFile[];
  readonly config: Written<WrittenProject>;
  readonly environments: readonly string[];
  readonly protectedEnvironments: ReadonlySet<string>;
  readonly defaultEnvironment: string;
  readonly flags: ReadonlyMap<string, Written<WrittenFlag>>;
  readonly overrides: readonly Written<WrittenOverride>[];
  readonly segments: ReadonlyMap<string, Written<WrittenSegment>>;
  readonly groups: ReadonlyMap<string, Written<WrittenGroup>>;
  readonly tests: readonly Written<WrittenTests>[];
  /** Second and later definitions of a key that is taken. */
  readonly duplicates: readonly Written<WrittenFlag | WrittenSegment | WrittenGroup>[];
  /**
   * Keys whose own file has a problem and so is not among the above. They are known all the same:
   * one cause, one diagnostic.
   */
  readonly broken: {
    readonly flags: ReadonlySet<string>;
    readonly segments: ReadonlySet<string>;
    readonly groups: ReadonlySet<string>;
  };
  readonly parts: readonly Part[];
  readonly partsOf: ReadonlyMap<string, FlagParts>;
  /** By flag and environment, what the flag does there; `behaviourIn` reads it. */
  readonly behaviours: ReadonlyMap<string, Behaviours>;
  readonly comparisons: readonly WrittenComparisonPlace[];
  /** All of the above, as it is judged. What has not changed since it was compiled before is the same object. */
  readonly subjects: readonly Subject[];
}
