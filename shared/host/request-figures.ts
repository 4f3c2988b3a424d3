import { durationBuckets } from '#shared/telemetry';

interface Timed {
  count: number;
  seconds: number;
  /** Requests within each of the buckets. */
  readonly within: number[];
}

/** What a host counts of the requests that it answers. */
export interface RequestFigures {
  observe(request: { route: string; status: number; seconds: number }): void;
  /** In Prometheus' text exposition, for the end of a page. */
  text(): string;
}

/**
 * Counts by hand: to load the library of metrics takes as long as a third of a cold start, and the requests before it is
 * there count too. They have names of their own: a host answers 503 to say "later", which is no error of the platform.
 */
export function createRequestFigures(): RequestFigures {
  const answered = new Map<string, number>();
  const timed = new Map<string, Timed>();
  return {
    observe({ route, status, seconds }) {
      const series = `route="${route}",status="${status}"`;
      answered.set(series, (answered.get(series) ?? 0) + 1);
      const time = timed.get(route) ?? { count: 0, seconds: 0, within: durationBuckets.map(() => 0) };
      timed.set(route, time);
      time.count += 1;
      time.seconds += seconds;
      durationBuckets.forEach((most, at) => {
        if (seconds <= most) time.within[at] = (time.within[at] ?? 0) + 1;
      });
    },
    text() {
      if (answered.size === 0) return '';
      const counter = 'millrace_host_requests_total';
      const histogram = 'millrace_host_request_duration_seconds';
      return [
        `# HELP ${counter} Requests that a function's process answered.`,
        `# TYPE ${counter} counter`,
        ...[...answered].map(([series, count]) => `${counter}{${series}} ${count}`),
        `# HELP ${histogram} From the request to its answer; a wake-up is answered when its work has ended.`,
        `# TYPE ${histogram} histogram`,
        ...[...timed].flatMap(([route, { count, seconds, within }]) => [
          ...durationBuckets.map(
            (most, at) => `${histogram}_bucket{route="${route}",le="${most}"} ${within[at]}`,
          ),
          `${histogram}_bucket{route="${route}",le="+Inf"} ${count}`,
          `${histogram}_sum{route="${route}"} ${seconds}`,
          `${histogram}_count{route="${route}"} ${count}`,
        ]),
        '',
      ].join('\n');
    },
  };
}
