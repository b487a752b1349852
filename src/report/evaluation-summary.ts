import type { EvaluationRow } from './evaluation-row.js';
import { palette } from './palette.js';
import { printable } from './printable.js';
import { table } from './table.js';

/** How often a flag gave one variant for one reason. */
interface Count {
  readonly variant: string | null;
  readonly reason: string;
  readonly count: number;
  /** of the contexts, from 0 to 1 */
  readonly share: number;
}

/** Its shape is `schemas/output/eval-summary.schema.json`. */
export interface EvaluationSummary {
  readonly contexts: number;
  readonly bad_lines: number;
  readonly flags: readonly { readonly flag: string; readonly counts: readonly Count[] }[];
}

/** Counts answers per flag, variant and reason, in memory that does not grow with their number. */
export class EvaluationTally {
  readonly #flags = new Map<string, Map<string, { variant: string | null; reason: string; count: number }>>();

  add({ flag, variant, reason }: EvaluationRow): void {
    const counts = this.#flags.get(flag) ?? new Map();
    this.#flags.set(flag, counts);
    const key = `${reason} ${variant ?? ''}`;
    const entry = counts.get(key) ?? { variant, reason, count: 0 };
    counts.set(key, entry);
    entry.count += 1;
  }

  /** Flags in the order in which they came, the most frequent answers first. */
  summary(contexts: number, badLines: number): EvaluationSummary {
    const flags = [...this.#flags].map(([flag, counts]) => ({
      flag,
      counts: [...counts.values()]
        .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
        .map((entry) => ({ ...entry, share: entry.count / contexts })),
    }));
    return { contexts, bad_lines: badLines, flags };
  }
}

export function evaluationSummaryJson(summary: EvaluationSummary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}

/** A table per flag. */
export function evaluationSummaryText(summary: EvaluationSummary, options: { readonly colour: boolean }): string {
  const paint = palette(options.colour);
  const blocks = summary.flags.map(({ flag, counts }) => {
    const rows = table(
      counts,
      [
        { title: 'VARIANT', cell: ({ variant }) => variant ?? '–' },
        { title: 'REASON', cell: ({ reason }) => reason },
        { title: 'CONTEXTS', cell: ({ count }) => grouped(count), align: 'right' },
        { title: 'SHARE', cell: ({ share }) => `${(share * 100).toFixed(2)} %`, align: 'right' },
      ],
      paint,
    );
    return `${paint.bold(printable(flag))}\n${rows.replace(/^/gm, '  ').trimEnd()}\n`;
  });
  return [...blocks, `${countsLine(summary)}\n`].join('\n');
}

function countsLine({ contexts, bad_lines }: EvaluationSummary): string {
  const bad = bad_lines === 0 ? '' : `, ${counted(bad_lines, 'bad line')}`;
  return `${counted(contexts, 'context')}${bad}`;
}

/** `1,234,567` */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
