import { Histogram, type MetricValueWithName, type Registry } from 'prom-client';

const LABELS = ['method', 'route', 'status'] as const;
type Label = (typeof LABELS)[number];
type Labels = Readonly<Record<Label, string>>;

/** seconds */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];

const NAME = 'flagstaff_http_request_duration_seconds';
const HELP = 'From the request line to the end of the answer.';

/** How long the answers to one kind of request took. */
class Latency {
  /** One for each of `BUCKETS`, and one for what took longer. */
  readonly #counts = new Array<number>(BUCKETS.length + 1).fill(0);
  #sum = 0;

  constructor(private readonly labels: Labels) {}

  /** @param seconds from the request line to the end of the answer */
  add(seconds: number): void {
    let index = 0;
    while (seconds > (BUCKETS[index] ?? Number.POSITIVE_INFINITY)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += seconds;
  }

  values(): MetricValueWithName<Label | 'le'>[] {
    let count = 0;
    const buckets = this.#counts.map((more, index) => {
      count += more;
      return { metricName: `${NAME}_bucket`, labels: { ...this.labels, le: BUCKETS[index] ?? '+Inf' }, value: count };
    });
    const { labels } = this;
    const sum = { metricName: `${NAME}_sum`, labels, value: this.#sum };
    return [...buckets, sum, { metricName: `${NAME}_count`, labels, value: count }];
  }
}

/** A histogram whose labels are looked up once for each kind of request: requests are short and labels are long. */
export class Latencies extends Histogram<Label> {
  readonly #kinds = new Map<string, Latency>();

  constructor(registry: Registry) {
    super({ name: NAME, help: HELP, labelNames: LABELS, buckets: BUCKETS, registers: [registry] });
  }

  of(method: string, route: string, status: number): Latency {
    const name = `${status} ${method} ${route}`;
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const made = new Latency({ method, route, status: String(status) });
    this.#kinds.set(name, made);
    return made;
  }

  /** What a registry asks of a histogram; `get` rests on it. */
  async getForPromString() {
    const values = [...this.#kinds.values()].flatMap((latency) => latency.values());
    return { name: NAME, help: HELP, type: 'histogram', aggregator: 'sum', values };
  }
}
