/** A number that another part keeps, read when metrics are asked for. */
export interface Gauge {
  /** As Prometheus names it, `flagstaff_…`. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}
