import type { Json, JsonObject } from '../model/json.js';
/** More combinations than this are a slip, and would take for ever. */
export declare const MAX_COMBINATIONS = 10000;
export type Combination = JsonObject;
/** How many combinations there are; 1 for an empty matrix. */
export declare function countCombinations(matrix: Readonly<Record<string, readonly Json[]>>): number;
/** Every combination of one value for each name, the last name turning fastest. */
export declare function combinations(matrix: Readonly<Record<string, readonly Json[]>>): Combination[];
/**
 * Replaces `{name}` in every string of `data` (values, not keys). A string that is nothing but `{name}`
 * becomes the value itself, whatever its type; a name that the combination does not have stays as it is.
 */
export declare function fillIn(data: Json, combination: Combination): Json;
/** The name of one combination: placeholders filled in, and what has none appended. */
export declare function nameOf(name: string, combination: Combination): string;
