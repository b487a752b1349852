import type { ExposureReport, VariantData, WindowData } from '../experiment/report-data.js';
import type { SampleRatio } from '../experiment/sample-ratio.js';
import { palette } from './palette.js';
import { printable } from './printable.js';
import { table } from './table.js';

/** Cells of a bar that stands for everybody. */
const BAR = 30;

/** Each window with its variants as bars, and whether its split holds. */
export function exposuresText(report: ExposureReport, { colour }: { readonly colour: boolean }): string {
  const paint = palette(colour);
  return report.windows.map((window) => block(window)).join('\n');

  function block(window: WindowData): string {
    const { version, since, known, variants, sample_ratio: ratio } = window;
    const place = `${printable(report.flag_key)} in ${printable(report.environment)}`;
    const title = known ? `since ${since} (${version.slice(0, 12)})` : 'of revisions that the server does not know';
    const rows = table(
      variants,
      [
        { title: 'VARIANT', cell: ({ variant_key }) => variant_key, paint: (text) => paint.bold(text) },
        { title: 'USERS', cell: ({ unique_users }) => counted(unique_users, window.exact), align: 'right' },
        { title: 'SHARE', cell: ({ share }) => percent(share), align: 'right' },
        { title: 'EXPECTED', cell: ({ expected_share }) => (known ? percent(expected_share) : ''), align: 'right' },
        { title: 'EVALUATIONS', cell: ({ evaluations }) => String(evaluations), align: 'right' },
        { title: '', cell: bar, paint: (text) => paint.cyan(text) },
      ],
      paint,
    );
    const tint = ratio.state === 'skewed' ? paint.red : ratio.state === 'suspected' ? paint.yellow : paint.dim;
    const said = known ? [tint(ratioWords(ratio))] : [];
    return `${paint.bold(place)} ${paint.dim(title)}\n${rows}${[...said, ...notes(window)].map((line) => `${line}\n`).join('')}`;
  }
}

function bar({ share }: VariantData): string {
  return '█'.repeat(Math.round(share * BAR));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function counted(count: number, exact: boolean): string {
  return exact ? String(count) : `~${count}`;
}

/** What the test says, in a line. */
function ratioWords({ state, p, deviation, leaks }: SampleRatio): string {
  const off = `off by ${deviation.toFixed(1)} percentage points, p = ${p.toPrecision(2)}`;
  const leak = leaks.length === 0 ? '' : `; users leaked into ${leaks.map((one) => `\`${one}\``).join(', ')}`;
  switch (state) {
    case 'too_few':
      return `too few users to tell whether the split holds (100 of each variant are needed)${leak}`;
    case 'balanced':
      return `the split holds${leak}`;
    case 'suspected':
      return `the split looks skewed (${off}): wait for more users before you believe it${leak}`;
    case 'skewed':
      return `THE SPLIT DOES NOT HOLD: ${off}; do not trust the results of this experiment${leak}`;
  }
}

function severalWords(users: number): string {
  const who = users === 1 ? '1 user met several variants and is' : `${users} users met several variants and are`;
  return `${who} counted in none`;
}

function notes({ several_variants: several, others, exact }: WindowData): string[] {
  const elsewhere = Object.entries(others).map(([reason, count]) => `${count} by ${reason}`);
  return [
    ...(several === 0 ? [] : [severalWords(several)]),
    ...(elsewhere.length === 0 ? [] : [`evaluations outside the experiment: ${elsewhere.join(', ')}`]),
    ...(exact ? [] : ['users are estimated from a sample; the split is tested on the sample']),
  ];
}
