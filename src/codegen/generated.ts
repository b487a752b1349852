import { MANIFEST_SCHEMA } from './manifest.js';
import { GENERATED_BY } from './typescript.js';

/** How far into a file its beginning reaches. */
const BEGINNING = 200;

/** Was this text written by `flagstaff codegen`? Then it names every flag, and uses none. */
export function isGenerated(text: string): boolean {
  return text.startsWith(GENERATED_BY) || (text.startsWith('{') && text.slice(0, BEGINNING).includes(MANIFEST_SCHEMA));
}
