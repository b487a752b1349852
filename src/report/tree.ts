/** Something with things below it. */
export interface Branch<Node> {
  readonly children: readonly Node[];
}

/** A tree as lines with box-drawing characters; a label may have several lines. */
export function tree<Node extends Branch<Node>>(
  roots: readonly Node[],
  label: (node: Node) => readonly string[],
): string[] {
  return roots.flatMap((root, index) => {
    const last = index === roots.length - 1;
    const lead = last ? '   ' : '│  ';
    const below = root.children.length > 0 ? '│  ' : '   ';
    const [first = '', ...more] = label(root);
    return [
      `${last ? '└─ ' : '├─ '}${first}`,
      ...more.map((line) => `${lead}${below}${line}`),
      ...tree(root.children, label).map((line) => lead + line),
    ];
  });
}
