import type { Json } from '../../model/json.js';
import type { Noun } from './noun.js';

/** What is to be done with an object. Bodies are as they were sent. */
export type Act =
  | { readonly kind: 'create'; readonly body: Json; readonly directory: string }
  | { readonly kind: 'replace' | 'merge' | 'json-patch'; readonly body: Json }
  | { readonly kind: 'archive' | 'restore' | 'remove' };

/** A change of one object, as it was asked for. */
export interface Change {
  readonly noun: Noun;
  /** From the URL; of a new object from its body, as far as it has one. */
  readonly key: string;
  readonly act: Act;
  /** Revisions that the object may have; any, if left out. */
  readonly ifMatch?: string;
  /** JSON Pointer to `body` in the body of the request. */
  readonly at: string;
}
