import { Chalk, type ChalkInstance } from 'chalk';

/** Colours, or none: the sixteen that every terminal has, in whatever shade its owner likes. */
export function palette(colour: boolean): ChalkInstance {
  return new Chalk({ level: colour ? 1 : 0 });
}
