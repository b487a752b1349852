import { choice, count, type Kind, path, period, text, texts, urlList, yesOrNo } from './kind.js';

/** One thing that can be chosen about a server, by whichever way. */
export interface Setting<T> {
  readonly kind: Kind<NonNullable<T>>;
  /** What it does. */
  readonly help: string;
  /** The value where nobody says. */
  readonly initial: T;
  /** What `help` says of the default where there is no value for it. */
  readonly otherwise?: string;
  readonly short?: string;
  /** Never shown. A process list shows every option, so there is none for it. */
  readonly isSecret?: true;
  /** Given as the argument DIR, or by `-C`. */
  readonly isArgument?: true;
}

function setting<T>(kind: Kind<NonNullable<T>>, initial: T, help: string, more: Partial<Setting<T>> = {}): Setting<T> {
  return { kind, initial, help, ...more };
}

function optional<T>(
  kind: Kind<T & {}>,
  help: string,
  more: Partial<Setting<T | undefined>> = {},
): Setting<T | undefined> {
  return { kind, initial: undefined, help, ...more };
}

/**
 * Everything that can be chosen about a server, in the order in which people read about it. What it is called on the
 * command line, in the environment and in a file follows from its name here (names.ts).
 */
export const settings = {
  dir: optional(path('[DIR]'), 'the flag repository', {
    isArgument: true,
    otherwise: 'the nearest upwards, else ./flags',
  }),
  host: setting(text('<ADDRESS>'), '127.0.0.1', 'the address to listen on'),
  port: setting(count(0, 65_535), 7700, 'the port to listen on; 0 for any that is free'),
  source: setting<'worktree' | 'git'>(
    choice('<KIND>', ['worktree', 'git']),
    'worktree',
    'where the flags come from: worktree or git',
  ),
  ref: setting(text('<REF>'), 'HEAD', 'with --source git: the branch that is served'),
  remote: optional(text('<NAME|URL>'), 'with --source git: fetch the branch from there'),
  poll: setting(period, 10_000, 'how often to fetch, or to look at a local ref unasked'),
  fetchTimeout: setting(period, 15_000, 'when to give up a remote that does not answer'),
  allowRewind: setting(yesOrNo, false, 'serve a head that does not descend from what is served'),
  snapshotCache: optional(path('<FILE>'), 'keep the last good flags there, for a start without their source'),
  dataDir: optional(path('<DIR>'), 'keep what is no flag there: exposures, kills'),
  redis: optional(text('<URL>'), 'keep exposures there, where several servers share them', { isSecret: true }),
  env: optional(text('<ENV>'), 'the environment, for whoever has no key that says otherwise', {
    short: '-e',
    otherwise: 'the default environment of the project',
  }),
  maxStreams: setting(count(0), 10_000, 'how many streams may be open at once'),
  keepalive: setting(period, 15_000, 'how often an open stream shows a sign of life'),
  keys: optional(path('<FILE>'), 'who may ask (see `flagstaff keys add`); without it only this machine'),
  writeMode: setting<'off' | 'direct' | 'proposal'>(
    choice('<MODE>', ['off', 'direct', 'proposal']),
    'off',
    'what the management API may do: off, direct (commits on the branch), proposal (branches to review)',
  ),
  signingKey: optional(path('<FILE>'), 'sign commits of the management API with this ssh key'),
  jwks: optional(text('<URL|FILE>'), 'take tokens of admins that these keys have signed (JWT: RS256, ES256)'),
  jwtSecret: optional(
    text('<TEXT>'),
    'take tokens of admins that this secret has signed (JWT: HS256); 32 bytes or more',
    {
      isSecret: true,
    },
  ),
  jwtIssuer: optional(text('<TEXT>'), 'the `iss` that tokens must have'),
  jwtAudience: optional(text('<TEXT>'), 'the `aud` that tokens must have'),
  tlsCert: optional(path('<FILE>'), 'serve HTTPS with this certificate (PEM)'),
  tlsKey: optional(path('<FILE>'), 'and this private key (PEM)'),
  peers: setting<readonly string[]>(urlList('<URL,...>'), [], 'tell these replicas when the flags have moved'),
  hookSecret: optional(text('<TEXT>'), 'what git hosts and peers must know to say that there is something new', {
    isSecret: true,
  }),
  corsOrigin: setting<readonly string[]>(texts('<ORIGIN>'), [], 'a site whose pages may ask (repeatable)'),
  rateLimit: setting(count(0), 0, 'requests a minute of one key from one address; 0 for no limit'),
  trustProxy: setting(yesOrNo, false, 'believe `X-Forwarded-For`: only behind a proxy that sets it'),
  hints: optional(yesOrNo, 'say on stderr what to try', { otherwise: 'where a person is looking' }),
} as const;

export type SettingName = keyof typeof settings;

/** What has been chosen. */
export type Configuration = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer T> ? T : never;
};
