import { open } from 'node:fs/promises';

/** The names in it are on the disk: a file that was made or renamed is there after a power cut too. */
export async function syncDirectory(directory: string): Promise<void> {
  // Where a directory cannot be opened (Windows), the system sees to that itself.
  const handle = await open(directory).catch(() => undefined);
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}
