import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Tells whether refs may have been packed since it was last asked. A git that keeps running may miss that: of two such files
 * of one second it takes the later one for the one that it knows, and a branch for where it was.
 */
export function packing(commonDirectory: string): () => Promise<boolean> {
  let known: bigint | undefined;
  return async () => {
    const found = await stat(join(commonDirectory, 'packed-refs'), { bigint: true }).catch(() => undefined);
    const before = known;
    known = found?.mtimeNs ?? 0n;
    return before !== known;
  };
}
