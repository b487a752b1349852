export {
  type Batch,
  BatchRefused,
  type Exposure,
  type ExposureSink,
  SinkBusy,
  type TrackedEvent,
} from '../experiment/exposure.js';
export type { DefinitionCache, Kept } from './cache/cache.js';
export { FlagstaffClient } from './client.js';
export type { ExposureOptions } from './exposures/exposing.js';
export { type HttpSinkOptions, httpSink, type MemorySink, memorySink } from './exposures/sinks.js';
export type * from './flag-client.js';
export type { ClientOptions } from './options.js';
export type { Time } from './time.js';
export * from './typed-flag.js';
