import { Document, isMap, isScalar, isSeq, visit } from 'yaml';

/** Collections of so few scalars stand on one line. */
const FLOW_ITEMS = 6;

/** Data as YAML that a person would write: block style, with small leaves in braces and brackets. */
export function toYaml(data: unknown): string {
  const document = new Document(data);
  visit(document, {
    Collection: (key, node) => {
      const items: readonly unknown[] = isMap(node) ? node.items.map(({ value }) => value) : node.items;
      node.flow = key !== null && items.length <= FLOW_ITEMS && items.every(isLeaf);
    },
  });
  return document.toString({ flowCollectionPadding: false, lineWidth: 120, singleQuote: true });
}

/** A scalar, or a short list of them. */
function isLeaf(node: unknown): boolean {
  return isScalar(node) || (isSeq(node) && node.items.length <= FLOW_ITEMS && node.items.every(isScalar));
}
