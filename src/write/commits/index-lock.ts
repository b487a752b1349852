import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Lease, type LeaseTimes } from '../../lease/lease.js';
import { fileRefusal, lockedRefusal } from './complaints.js';

/** A working tree follows from one commit to another. */
export interface Journey {
  readonly from: string;
  readonly to: string;
}

/** The lock that every git takes before it changes what is staged. While it is held, nobody else commits. */
export interface IndexLock {
  /** A name for a copy of the index; it goes with the lock. */
  readonly copy: string;
  /** What a process that died with the lock in its hand was about. */
  readonly unfinished: Journey | undefined;
  /** Says what is about to happen, for whoever finds the lock when this process dies. */
  note(journey: Journey): Promise<void>;
  /** Puts the copy in the place of the index, unless the lock was lost meanwhile; says whether it did. */
  replaceIndex(): Promise<boolean>;
  release(): Promise<void>;
}

export type LockTimes = LeaseTimes;

/** What is in a lock of ours; git's own has the beginnings of an index. */
interface Said {
  readonly journey?: Journey;
}

/** @throws Refusal when it stays locked, or nothing can be written there */
export async function lockIndex(gitDirectory: string, times: LockTimes): Promise<IndexLock> {
  const file = join(gitDirectory, 'index.lock');
  const lease = new Lease<Said>({ file, times, say: (left) => (left?.journey ? { journey: left.journey } : {}) });
  try {
    const taken = await lease.take();
    if (taken.kind === 'held') throw lockedRefusal(file);
    if (taken.left !== undefined) await removeCopy(copyOf(gitDirectory, taken.left.id));
    return held(gitDirectory, lease, taken.left?.journey);
  } catch (error) {
    await lease.release();
    throw fileRefusal(gitDirectory, error);
  }
}

function held(gitDirectory: string, lease: Lease<Said>, unfinished: Journey | undefined): IndexLock {
  const copy = copyOf(gitDirectory, lease.id);
  return {
    copy,
    unfinished,
    note: (journey) => lease.note({ journey }),
    replaceIndex: async () => {
      const isOurs = await lease.isOurs();
      if (isOurs) await rename(copy, join(gitDirectory, 'index'));
      return isOurs;
    },
    release: async () => {
      await lease.release();
      await removeCopy(copy).catch(() => undefined);
    },
  };
}

function copyOf(gitDirectory: string, id: string): string {
  return join(gitDirectory, `flagstaff-${id}.index`);
}

async function removeCopy(copy: string): Promise<void> {
  for (const file of [copy, `${copy}.lock`]) await rm(file, { force: true });
}
