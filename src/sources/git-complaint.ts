/** What git adds to every failure, whatever was the cause. */
const BOILERPLATE =
  /^(?:fatal: )?(?:Could not read from remote repository|Please make sure you have the correct access rights|and the repository exists)\.?$/;

/** The longest complaint that is told, in characters. */
const LONGEST = 500;

/** What git, ssh or the remote gave as the cause, in one line and without credentials. */
export function causeIn(complaint: string): string {
  const lines = complaint.split(/[\r\n]+/).map((line) => line.replace(/\p{Cc}/gu, ' ').trim());
  const said = [...new Set(lines.filter((line) => line !== ''))];
  const causes = said.filter((line) => !BOILERPLATE.test(line));
  const told = (causes.length > 0 ? causes : said.slice(0, 1)).map(withoutPrefix).join('; ');
  return withoutCredentials(told === '' ? 'git did not say why' : told).slice(0, LONGEST);
}

function withoutPrefix(line: string): string {
  return line.replace(/^(?:fatal|error): /, '').replace(/\.$/, '');
}

/**
 * A text without user, password and query of the URLs in it. A password that was not escaped may hold `@` and `/`, and
 * leave a part of itself in what is taken for the host.
 */
export function withoutCredentials(text: string): string {
  return text
    .replace(/:\/\/[^\s/:@]*:(?!\d*\/)\S*@/g, '://')
    .replace(/:\/\/[^\s/]*@/g, '://')
    .replace(/(:\/\/[^\s?'"`]*)\?[^\s'"`]*/g, '$1')
    .replace(/(resolve host(?:name)?:? )\S*@/g, '$1');
}
