/** Mutual exclusion: a user is in at most one of the experiments of a group's flags. */
export interface Group {
  readonly key: string;
  readonly description?: string;
  readonly owner?: string;
  readonly bucket_by: string;
  /** Half-open ranges in percent that do not overlap. */
  readonly slots: readonly { readonly flag: string; readonly range: readonly [number, number] }[];
}
