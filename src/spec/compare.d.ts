import type { Json, JsonObject } from '../model/json.js';
/** Does `actual` hold every key that is expected, with an equal value? Keys that are not named are not compared. */
export declare function meets(actual: JsonObject, expected: JsonObject): boolean;
/** Deep equality of JSON values; the order of an object's keys does not count. */
export declare function sameJson(a: Json | undefined, b: Json | undefined): boolean;
