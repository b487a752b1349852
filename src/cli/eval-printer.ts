import { evaluationExplanation } from '../report/evaluation-explanation.js';
import { evaluationJson, evaluationNdjson } from '../report/evaluation-json.js';
import type { EvaluationRow } from '../report/evaluation-row.js';
import { EvaluationTally, evaluationSummaryJson, evaluationSummaryText } from '../report/evaluation-summary.js';
import { evaluationLines, evaluationText } from '../report/evaluation-text.js';
import type { ContextsResult } from './evaluate-contexts.js';

type EvalFormat = 'text' | 'json' | 'ndjson';

export interface PrinterOptions {
  /** `ndjson` for many contexts, else `text`, if left out. */
  readonly format?: EvalFormat;
  readonly explain?: boolean;
  /** A file of one context a line, or `-` for stdin. */
  readonly contexts?: string;
  readonly summary?: boolean;
}

/** What is printed before, for the answers to each context, and after the last. */
export interface EvalPrinter {
  readonly begin: string;
  rows(rows: readonly EvaluationRow[]): string;
  end(result: ContextsResult): string;
}

export function printerFor(options: PrinterOptions, colour: boolean): EvalPrinter {
  const many = options.contexts !== undefined;
  if (options.summary) return summaryPrinter(options.format ?? 'text', colour);
  switch (options.format ?? (many ? 'ndjson' : 'text')) {
    case 'ndjson':
      return plain(evaluationNdjson);
    case 'json':
      return many ? arrayPrinter() : plain((rows) => evaluationJson(rows.map(withoutLine)));
    case 'text':
      return textPrinter({ many, explain: options.explain === true, colour });
  }
}

function plain(rows: EvalPrinter['rows']): EvalPrinter {
  return { begin: '', rows, end: () => '' };
}

function withoutLine({ line: _, ...row }: EvaluationRow): EvaluationRow {
  return row;
}

/** A JSON array whose end nobody needs to know at its beginning. */
function arrayPrinter(): EvalPrinter {
  let separator = '\n';
  const element = (row: EvaluationRow): string => {
    const text = `${separator}${JSON.stringify(row)}`;
    separator = ',\n';
    return text;
  };
  return { begin: '[', rows: (rows) => rows.map(element).join(''), end: () => '\n]\n' };
}

function textPrinter({ many, explain, colour }: { many: boolean; explain: boolean; colour: boolean }): EvalPrinter {
  if (explain) return plain((rows) => evaluationExplanation(many ? rows : rows.map(withoutLine), { colour }));
  return plain(many ? evaluationLines : (rows) => evaluationText(rows.map(withoutLine), { colour }));
}

function summaryPrinter(format: EvalFormat, colour: boolean): EvalPrinter {
  const tally = new EvaluationTally();
  return {
    begin: '',
    rows: (rows) => {
      for (const row of rows) tally.add(row);
      return '';
    },
    end: ({ contexts, badLines }) => {
      const summary = tally.summary(contexts, badLines);
      return format === 'text' ? evaluationSummaryText(summary, { colour }) : evaluationSummaryJson(summary);
    },
  };
}
