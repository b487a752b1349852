/** Any JSON value. A `json` flag's variant may be any of them, `null` too. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}
