/** Variables for git that keep it from the configuration of whoever runs the tests. */
export function isolatedEnvironment(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
}
