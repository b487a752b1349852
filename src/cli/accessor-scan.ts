import { basename, dirname, resolve } from 'node:path';
import { isGenerated } from '../codegen/generated.js';
import { identifiersOf } from '../codegen/identifiers.js';
import { accessorImports, accessorMentions, passedOn } from '../lifecycle/accessors.js';
import type { Mention } from '../lifecycle/references.js';
import { textOfFile } from '../sources/code.js';

/** What a module may be called in an import, and in which file it then stands. */
const EXTENSION = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const STANDS_IN = ['.ts', '.tsx', '.mts', '.cts', '.js', '/index.ts', '/index.js'];

/** Through how many files that pass everything on a module is followed. */
const FAR = 4;

/** Finds where code uses the accessors that `flagstaff codegen --lang ts` has written. */
export class AccessorScan {
  readonly #identifiers: ReadonlyMap<string, string>;
  readonly #generated = new Map<string, boolean>();
  readonly #called = new Set<string>();
  readonly #passedBy = new Set<string>();

  /** @param keys every flag of the repository */
  constructor(keys: readonly string[]) {
    this.#identifiers = new Map([...identifiersOf(keys).identifiers].map(([key, name]) => [name, key]));
  }

  /** Takes note of a generated file: what it may be called where it is not imported by its path. */
  meet(file: string): void {
    if (!EXTENSION.test(file)) return;
    const name = basename(file).replace(EXTENSION, '');
    const folders = dirname(file).split(/[\\/]/);
    for (const one of name === 'index' ? folders.slice(-2) : [name]) this.#called.add(one);
  }

  /** Was a module passed by that turned out to be a generated one later? */
  get missed(): boolean {
    return [...this.#passedBy].some((name) => this.#called.has(name));
  }

  /** Generated name to key; none, where no generated file was met. */
  get names(): ReadonlyMap<string, string> {
    return this.#called.size === 0 ? new Map() : this.#identifiers;
  }

  /** @param file where the text stands, absolute */
  mentionsIn(file: string, text: string): Mention[] {
    const names = new Map<string, string>();
    for (const { module, names: imported } of accessorImports(text, this.#identifiers)) {
      if (!this.#leadsToGenerated(file, module)) continue;
      for (const [name, key] of imported) names.set(name, key);
    }
    return names.size === 0 ? [] : [...accessorMentions(text, names)];
  }

  /** `@/gen/flags` may be anywhere: it is told by its last name. */
  #leadsToGenerated(file: string, module: string): boolean {
    if (module.startsWith('.')) return this.#isGenerated(resolve(dirname(file), module), FAR);
    const name = basename(module).replace(EXTENSION, '');
    if (!this.#called.has(name)) this.#passedBy.add(name);
    return this.#called.has(name);
  }

  #isGenerated(path: string, far: number): boolean {
    const known = this.#generated.get(path) ?? this.#find(path.replace(EXTENSION, ''), far);
    this.#generated.set(path, known);
    return known;
  }

  #find(path: string, far: number): boolean {
    for (const ending of STANDS_IN) {
      const file = `${path}${ending}`;
      const text = textOfFile(file);
      if (text === undefined) continue;
      const others = far === 0 ? [] : passedOn(text).filter((module) => module.startsWith('.'));
      return isGenerated(text) || others.some((module) => this.#isGenerated(resolve(dirname(file), module), far - 1));
    }
    return false;
  }
}
