import type { AuditEntry } from '../history/log.js';

/** The change history that the server can tell. */
export interface AuditTrail {
  /**
   * @param from the commit to begin at; the one that is served, if left out
   * @param after the last commit of the page before
   * @throws Refusal when there never was such a key
   */
  page(query: AuditQuery): Promise<AuditPage>;
}

export interface AuditQuery {
  readonly key?: string;
  readonly from?: string;
  readonly after?: string;
  readonly limit: number;
}

export interface AuditPage {
  /** The commit that the history was read from. */
  readonly from: string;
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly more: boolean;
}
