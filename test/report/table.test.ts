import { describe, expect, it } from 'vitest';
import { palette } from '../../src/report/palette.js';
import { shortened, table } from '../../src/report/table.js';
import { tree } from '../../src/report/tree.js';

const plain = palette(false);

describe('a table', () => {
  const columns = [
    { title: 'NAME', cell: ([name]: readonly string[]) => name ?? '' },
    { title: 'SIZE', cell: ([, size]: readonly string[]) => size ?? '', align: 'right' as const },
  ];

  it('aligns what takes two cells a character, and what takes none', () => {
    const rows = [
      ['東京', '1'],
      ['e\u0301te\u0301', '10'],
      ['plain', '100'],
    ];
    expect(table(rows, columns, plain)).toBe('NAME   SIZE\n東京      1\ne\u0301te\u0301      10\nplain   100\n');
  });

  it('leaves out a column that nobody fills', () => {
    expect(table([['a'], ['b']], columns, plain)).toBe('NAME\na\nb\n');
  });

  it('lets no control character through to the terminal', () => {
    expect(table([['\u001b[31mred\n']], columns, plain)).toBe('NAME\n\ufffd[31mred\ufffd\n');
  });

  it('pads before it paints', () => {
    const painted = [{ ...columns[0], title: 'N', cell: () => 'a', paint: (text: string) => `<${text}>` }];
    expect(table([['a'], ['b']], painted, plain)).toBe('N\n<a>\n<a>\n');
  });
});

describe('shortened text', () => {
  it.each([
    ['four', 4, 'four'],
    ['fives', 4, 'fiv…'],
    ['東京都', 4, '東…'],
    ['東京', 4, '東京'],
    ['x'.repeat(10_000_000), 3, 'xx…'],
  ])('fits the width', (text, width, expected) => {
    expect(shortened(text, width)).toBe(expected);
  });
});

describe('a tree', () => {
  interface Leaf {
    readonly label: string;
    readonly children: readonly Leaf[];
  }
  const leaf = (label: string, ...children: readonly Leaf[]): Leaf => ({ label, children });

  it('draws branches, and the further lines of a label beside them', () => {
    const roots = [leaf('a\nmore', leaf('b', leaf('c')), leaf('d\nmore')), leaf('e', leaf('f'))];
    expect(tree(roots, ({ label }) => label.split('\n')).join('\n')).toBe(
      ['├─ a', '│  │  more', '│  ├─ b', '│  │  └─ c', '│  └─ d', '│        more', '└─ e', '   └─ f'].join('\n'),
    );
  });
});
