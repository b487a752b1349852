import { type Exposure, LONGEST_USER } from '../../experiment/exposure.js';
import type { Recorder } from '../../experiment/recorder.js';
import type { Context } from '../../model/context.js';
import type { Evaluation } from '../../model/evaluation.js';
import type { View } from '../view.js';

/** Notes who met which variant of an experiment in an answer to one question about one flag. */
export class Observer {
  readonly #recorder: Recorder;
  readonly #now: () => number;

  constructor(recorder: Recorder, now: () => number) {
    this.#recorder = recorder;
    this.#now = now;
  }

  /** What a rule or an override decided is no exposure, nor is what was fetched ahead. */
  see(view: View, { flag: key, variant, reason, rule }: Evaluation, context: Context): void {
    const flag = view.flags.get(key);
    if (flag?.experiment === undefined || reason !== 'SPLIT' || rule !== undefined || variant === null) return;
    const user = view.evaluator.unit(key, context);
    if (user === undefined) return;
    if (user.length > LONGEST_USER) {
      this.#recorder.drop();
      return;
    }
    if (!this.#recorder.isNew(`${view.environment} ${key}`, variant, user)) return;
    const exposure: Exposure = {
      flag_key: key,
      variant_key: variant,
      user_id: user,
      timestamp: new Date(this.#now()).toISOString(),
      reason,
      environment: view.environment,
      version: view.served.revision.version,
    };
    this.#recorder.exposure(exposure);
  }
}
