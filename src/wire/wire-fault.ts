/** What came is not what a server of this format sends. */
export class WireFault extends Error {
  constructor(
    /** `newer-format`: it may well be right, for an SDK that is newer than this one. */
    readonly code: 'malformed' | 'newer-format',
    message: string,
  ) {
    super(message);
  }
}

export function malformed(message: string): WireFault {
  return new WireFault('malformed', message);
}
