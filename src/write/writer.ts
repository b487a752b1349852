import type { SourceFile } from '../syntax/source-file.js';

/** The branch as it stands while a write is planned. */
export interface WriteState {
  /** The flag repository at `commit`; a file that did not change since the last plan is the same object. */
  readonly files: readonly SourceFile[];
  /** `undefined`: the branch has no commits yet. */
  readonly commit: string | undefined;
}

/** One file that a write changes. `path` is relative to the flag repository, with `/`. */
export interface FileEdit {
  readonly path: string;
  /** The whole text as it stands; `undefined`: there is no such file yet. */
  readonly before?: string;
  /** The whole text as it is to be; `undefined`: the file goes. */
  readonly after?: string;
}

/** What a write does to one state of the branch. */
export interface WritePlan {
  readonly edits: readonly FileEdit[];
  /** What changed, in words: a subject, and paragraphs after empty lines. No trailers. */
  readonly message: string;
}

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface WriteRequest {
  /**
   * Pure. Called on the head of the branch, and again on every newer one, so it looks at the revision of its own
   * object each time. `undefined`: there is nothing to change, and no commit is made.
   *
   * @throws whatever ends the write; it reaches the caller as it is
   */
  readonly plan: (state: WriteState) => WritePlan | undefined | Promise<WritePlan | undefined>;
  readonly author: Author;
  /** One line: why. It becomes the trailer `Reason:`. */
  readonly reason?: string;
  /** It becomes the trailer `Request-Id:`. */
  readonly requestId?: string;
  /** Which emergency it is about. It becomes the trailer `Kill:`. */
  readonly kill?: string;
  /** milliseconds since 1970 */
  readonly at: number;
}

export interface Written {
  /** Where the write stands; when nothing was to change, the head that it was planned on. */
  readonly commit: string;
  readonly changed: boolean;
  /** Files of the checked-out tree that have changes of their own, from the top of the repository, sorted. */
  readonly leftAlone: readonly string[];
  /** Among these are files that were written: somebody began to change them at the last moment. */
  readonly stayed?: true;
}

/** A write that waits for review on a branch of its own. */
export interface Proposed {
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly commit: string;
  readonly changed: boolean;
  /** Where the host of the remote opens a request to merge it; known for GitHub and GitLab. */
  readonly url?: string;
}

export interface ProposalPlace {
  /** A proposal that this write goes onto; it begins a new one without. */
  readonly branch?: string;
  /** What a new branch is named after: the key of the object, say. */
  readonly stem: string;
  /** What the name of a new branch ends with: whoever makes it again, and when, it is the same. Of its commit, if left out. */
  readonly id?: string;
}

/** A branch that waits for review. */
export interface Proposal {
  readonly branch: string;
  /** Its newest commit. */
  readonly commit: string;
  /** Where it parted from the branch that is served. */
  readonly base: string;
  /** Its own commits, oldest first. */
  readonly commits: readonly ProposalCommit[];
  readonly url?: string;
}

export interface ProposalCommit {
  readonly commit: string;
  readonly author: Author;
  /** milliseconds since 1970 */
  readonly at: number;
  readonly message: string;
}

/**
 * Writes to the branch that is served. Each write is one commit or nothing.
 *
 * What goes wrong is a Refusal, and then nothing has happened: `uncommitted` (files concerned have changes of
 * their own in the checked-out tree), `contended` (the branch moved on every try, or a lock stays), `rejected` (a
 * hook or a protected branch said no), `remote-unavailable`, `unwritable` (disk full, read-only),
 * `invalid-argument` (a path that is no file of the flag repository), `not-found` (no such proposal). The one
 * exception is `outcome-unknown`: the remote went away after it may have taken the commit.
 */
export interface Writer {
  write(request: WriteRequest): Promise<Written>;
  propose(request: WriteRequest, place: ProposalPlace): Promise<Proposed>;
  /** What waits for review, newest first. */
  proposals(): Promise<readonly Proposal[]>;
  /** The files of the flag repository at a commit; of a proposal, say. */
  filesAt(commit: string): Promise<readonly SourceFile[]>;
  /** Ends the git that may run in the background. Writing again starts it again. */
  close(): void;
}
