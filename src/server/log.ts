import { type Level, type Logger, pino } from 'pino';

/**
 * A log of one JSON object a line, or of `level: message` where a person is looking.
 * @param write takes whole lines
 */
export function logTo(write: (line: string) => void, level: Level, forPerson: boolean): Logger {
  return pino({ level, base: null }, { write: forPerson ? (line: string) => write(shortened(line)) : write });
}

function shortened(line: string): string {
  const { level, msg } = JSON.parse(line) as { readonly level: number; readonly msg?: string };
  return `${pino.levels.labels[level]}: ${msg ?? ''}\n`;
}
