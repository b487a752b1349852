import { dependencyGraph, graphDot, graphMermaid } from '../../report/dependency-graph.js';
import type { GlobalOptions } from '../command.js';
import { compileRepository, definitionsOf } from '../compiled.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

export interface GraphOptions extends GlobalOptions {
  readonly env?: string;
  readonly format: 'mermaid' | 'dot';
}

export async function runGraph(options: GraphOptions, terminal: Terminal): Promise<ExitCode> {
  const repository = await compileRepository(options, terminal);
  if (repository === undefined) return EXIT.findings;
  const graph = dependencyGraph(definitionsOf(repository.snapshot, options.env));
  await terminal.stdout.write(options.format === 'dot' ? graphDot(graph) : graphMermaid(graph));
  return EXIT.ok;
}
