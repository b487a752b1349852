import { dirname, resolve } from 'node:path';
import { isGenerated } from '../codegen/generated.js';
import { identifiersOf } from '../codegen/identifiers.js';
import { accessorImports, accessorMentions } from '../lifecycle/accessors.js';
import type { Mention } from '../lifecycle/references.js';
import { textOfFile } from '../sources/code.js';

/** What a module may be called in an import, and in which file it then stands. */
const EXTENSION = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const STANDS_IN = ['.ts', '.tsx', '.mts', '.cts', '.js', '/index.ts', '/index.js'];

/** Finds where code uses the accessors that `flagstaff codegen` has written. */
export class AccessorScan {
  readonly #identifiers: ReadonlyMap<string, string>;
  readonly #generated = new Map<string, Promise<boolean>>();

  /** @param keys every flag of the repository */
  constructor(keys: readonly string[]) {
    this.#identifiers = new Map([...identifiersOf(keys).identifiers].map(([key, name]) => [name, key]));
  }

  /** @param file where the text stands, absolute */
  async mentionsIn(file: string, text: string): Promise<Mention[]> {
    const names = new Map<string, string>();
    for (const { module, names: imported } of accessorImports(text, this.#identifiers)) {
      if (!(await this.#isGenerated(resolve(dirname(file), module)))) continue;
      for (const [name, key] of imported) names.set(name, key);
    }
    return names.size === 0 ? [] : [...accessorMentions(text, names)];
  }

  #isGenerated(path: string): Promise<boolean> {
    const known = this.#generated.get(path) ?? findGenerated(path.replace(EXTENSION, ''));
    this.#generated.set(path, known);
    return known;
  }
}

async function findGenerated(path: string): Promise<boolean> {
  for (const ending of STANDS_IN) {
    const text = await textOfFile(`${path}${ending}`);
    if (text !== undefined) return isGenerated(text);
  }
  return false;
}
