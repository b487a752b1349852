import type { Json } from '../../model/json.js';
import type { ExposureOptions } from '../exposures/exposing.js';
import { LocalClient } from '../local/client.js';
import { LocalLife } from '../local/life.js';
import { systemTime } from '../time.js';
import type { Follow } from './follow.js';

export interface FilesOptions {
  /** The default environment of the project, if left out. */
  readonly environment?: string;
  /** Follow the files as they change (true). Keeps the process alive until `close`. */
  readonly watch?: boolean;
  /** By flag key: what counts where nothing is served and the call gives no default. */
  readonly defaults?: Readonly<Record<string, Json>>;
  /** How long `ready()` waits, in milliseconds (5 s). */
  readonly initTimeout?: number;
  /** Where exposures and tracked events go, by its `sink`; nobody is told, if left out. */
  readonly exposures?: ExposureOptions;
}

/** Flags of a directory. What reads and compiles them is loaded when it is needed, so that nobody else carries it. */
export class FilesClient extends LocalClient {
  readonly #following: Promise<Follow | undefined>;

  constructor(dir: string, options: FilesOptions) {
    const { environment, watch = true, defaults = {}, initTimeout = 5000, exposures } = options;
    const life = new LocalLife(systemTime);
    super(life, { time: systemTime, defaults, initTimeout, exposures });
    this.#following = import('./follow.js').then(
      ({ followFiles }) => followFiles(dir, { environment, watch }, life),
      (error) => {
        life.fail({ code: 'files', message: `what reads flag files cannot be loaded: ${error}` });
        return undefined;
      },
    );
  }

  override async close(): Promise<void> {
    const follow = await this.#following;
    await follow?.close();
    await super.close();
  }
}
