/** What the description of one route says; the rest follows from it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As the router writes it: `/flags/:key`. */
  readonly route: string;
  readonly summary: string;
  readonly description?: string;
  /** `open`, or who may ask. */
  readonly access: string;
  readonly query?: Readonly<Record<string, { readonly schema: object; readonly description: string }>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The name of a schema; of several, by their media types. */
  readonly body?: string | Readonly<Record<string, string>>;
  /** Of several schemas, one fits. */
  readonly answers: Readonly<
    Record<
      number,
      { readonly description: string; readonly schema?: string | readonly string[]; readonly type?: string }
    >
  >;
}
