import type { Context } from '../model/context.js';
import type { ErrorCode, Evaluation } from '../model/evaluation.js';
import type { Flag, FlagType } from '../model/flag.js';
import type { Json } from '../model/json.js';
import type { Branches, Details } from './flag-client.js';
import type { Standing } from './standing.js';

/** What answers are made from. */
export interface Ground {
  /** The definitions that count now, if there are any. */
  readonly standing: () => Standing | undefined;
  /** Was the server not heard of for too long? */
  readonly isStale: () => boolean;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** By flag key: what counts where a call gives no default. */
  readonly defaults: Readonly<Record<string, Json>>;
  /** Told of every single answer of a flag that has an experiment. */
  readonly exposing?: Witness | undefined;
}

interface Witness {
  see(standing: Standing, evaluation: Evaluation, context: Context | undefined): void;
}

/** The answers of a `FlagClient`, over whatever definitions count now. Nothing here throws. */
export abstract class Evaluations {
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  boolean<D extends boolean | undefined = undefined>(key: string, defaultValue?: D, context?: Context): boolean | D {
    return this.#value('boolean', key, defaultValue, context) as boolean | D;
  }

  string<D extends string | undefined = undefined>(key: string, defaultValue?: D, context?: Context): string | D {
    return this.#value('string', key, defaultValue, context) as string | D;
  }

  number<D extends number | undefined = undefined>(key: string, defaultValue?: D, context?: Context): number | D {
    return this.#value('number', key, defaultValue, context) as number | D;
  }

  json<T = Json>(key: string, defaultValue: T, context?: Context): T;
  json<T = Json>(key: string, defaultValue?: undefined, context?: Context): T | undefined;
  json<T = Json>(key: string, defaultValue?: T, context?: Context): T | undefined {
    return this.#value('json', key, defaultValue, context) as T | undefined;
  }

  booleanDetails<D extends boolean | undefined = undefined>(
    key: string,
    defaultValue?: D,
    context?: Context,
  ): Details<boolean | D> {
    return this.#details('boolean', key, defaultValue, context) as Details<boolean | D>;
  }

  stringDetails<D extends string | undefined = undefined>(
    key: string,
    defaultValue?: D,
    context?: Context,
  ): Details<string | D> {
    return this.#details('string', key, defaultValue, context) as Details<string | D>;
  }

  numberDetails<D extends number | undefined = undefined>(
    key: string,
    defaultValue?: D,
    context?: Context,
  ): Details<number | D> {
    return this.#details('number', key, defaultValue, context) as Details<number | D>;
  }

  jsonDetails<T = Json>(key: string, defaultValue: T, context?: Context): Details<T>;
  jsonDetails<T = Json>(key: string, defaultValue?: undefined, context?: Context): Details<T | undefined>;
  jsonDetails<T = Json>(key: string, defaultValue?: T, context?: Context): Details<T | undefined> {
    return this.#details('json', key, defaultValue, context) as Details<T | undefined>;
  }

  allFlags(context?: Context): Details<Json | undefined>[] {
    const standing = this.#ground.standing();
    if (standing === undefined) return [];
    const { evaluator, flags } = standing;
    const evaluations = evaluator.evaluateAll(evaluator.keys, context, this.#ground.now());
    return evaluations.map((evaluation) => {
      const flag = flags.get(evaluation.flag);
      const otherwise = flag && this.#constructorDefault(flag.type, flag.key);
      return this.#detailsOf(evaluation, standing, flag, otherwise) as Details<Json | undefined>;
    });
  }

  withFlag<T>(key: string, { on, off }: Branches<T>, context?: Context): T {
    return this.boolean(key, undefined, context) === true ? on() : off();
  }

  #value(type: FlagType, key: string, otherwise: unknown, context: Context | undefined): unknown {
    const standing = this.#ground.standing();
    const flag = standing?.flags.get(key);
    if (standing !== undefined && flag?.type === type) {
      const { variant, value } = this.#evaluate(standing, flag, context);
      if (variant !== null) return value;
    }
    return otherwise === undefined ? this.#constructorDefault(type, key) : otherwise;
  }

  #details(type: FlagType, key: string, otherwise: unknown, context: Context | undefined): Details<unknown> {
    const standing = this.#ground.standing();
    const flag = standing?.flags.get(key);
    const fallback = otherwise === undefined ? this.#constructorDefault(type, key) : otherwise;
    if (standing === undefined) {
      return this.#detailsOf(
        failed(key, 'PROVIDER_NOT_READY', 'there are no definitions yet'),
        undefined,
        flag,
        fallback,
      );
    }
    if (flag !== undefined && flag.type !== type) {
      const mismatch = failed(key, 'TYPE_MISMATCH', `the flag is of type ${flag.type}, not ${type}`);
      return this.#detailsOf(mismatch, standing, flag, fallback);
    }
    const evaluation =
      flag === undefined
        ? standing.evaluator.evaluate(key, context, this.#ground.now())
        : this.#evaluate(standing, flag, context);
    return this.#detailsOf(evaluation, standing, flag, fallback);
  }

  #evaluate(standing: Standing, { key, experiment }: Flag, context: Context | undefined): Evaluation {
    const evaluation = standing.evaluator.evaluate(key, context, this.#ground.now());
    if (experiment !== undefined) this.#ground.exposing?.see(standing, evaluation, context);
    return evaluation;
  }

  #detailsOf(
    { flag: key, value, variant, reason, rule, segment, error_code, error_message }: Evaluation,
    standing: Standing | undefined,
    flag: Flag | undefined,
    otherwise: unknown,
  ): Details<unknown> {
    return {
      flag: key,
      value: variant === null ? otherwise : value,
      variant,
      reason,
      ...(rule !== undefined && { rule }),
      ...(segment !== undefined && { segment }),
      ...(error_code !== undefined && { errorCode: error_code }),
      ...(error_message !== undefined && { errorMessage: error_message }),
      ...(standing !== undefined && { version: standing.version }),
      ...(flag !== undefined && { metadata: flag.metadata }),
      ...(this.#ground.isStale() && { stale: true as const }),
    };
  }

  /** Of another type it is no default. */
  #constructorDefault(type: FlagType, key: string): Json | undefined {
    const { defaults } = this.#ground;
    if (!Object.hasOwn(defaults, key)) return undefined;
    const value = defaults[key];
    return type === 'json' || typeof value === type ? value : undefined;
  }
}

function failed(flag: string, code: ErrorCode, message: string): Evaluation {
  return {
    flag,
    value: undefined,
    variant: null,
    reason: 'ERROR_FALLBACK',
    error_code: code,
    error_message: message,
  };
}
