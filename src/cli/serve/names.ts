import { type Setting, type SettingName, settings } from './settings.js';

/** Names the configuration file where no option does. */
export const CONFIG_VARIABLE = 'FLAGSTAFF_CONFIG';

/** Every setting by its name, where its type does not matter. */
export function everySetting(): readonly (readonly [SettingName, Setting<unknown>])[] {
  return Object.entries(settings) as unknown as readonly (readonly [SettingName, Setting<unknown>])[];
}

/** `fetchTimeout` is `fetch_timeout` in a file, */
export function keyOf(name: SettingName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `FLAGSTAFF_FETCH_TIMEOUT` in the environment, */
export function variableOf(name: SettingName): string {
  return `FLAGSTAFF_${keyOf(name).toUpperCase()}`;
}

/** and `--fetch-timeout` on the command line, where not everything can be said. */
export function flagOf(name: SettingName): string | undefined {
  const { isArgument, isSecret }: Setting<unknown> = settings[name] as Setting<unknown>;
  if (isSecret === true) return undefined;
  return isArgument === true ? 'DIR' : `--${keyOf(name).replaceAll('_', '-')}`;
}
