import type { Trace } from '../model/evaluation.js';
import type { SegmentAnswer } from './case.js';
/** The segments that a decision asked, and what they answered, from the steps that the engine calls `segment KEY`. */
export declare function segmentAnswers({ step, outcome, children }: Trace): SegmentAnswer[];
