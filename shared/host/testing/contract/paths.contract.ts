import { expect, it } from 'vitest';
import type { ServedWorld } from './served-host.ts';

/** What is answered beside events, and what is there for nobody. */
export function pathContract(at: ServedWorld): void {
  it('tells on /metrics how many requests it answered and how long that took, by route', async () => {
    const asked = async (series: string): Promise<number> => {
      const { text } = await at.host.send({ path: '/metrics' });
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')[1] ?? 0,
      );
    };
    const series = 'millrace_host_requests_total{route="/health",status="200"}';
    const before = await asked(series);
    await at.host.send({ path: '/health' });
    expect(await asked(series)).toBe(before + 1);
    expect(await asked('millrace_host_request_duration_seconds_count{route="/health"}')).toBe(before + 1);
    expect(await asked('millrace_host_request_duration_seconds_bucket{route="/health",le="+Inf"}')).toBe(
      before + 1,
    );
    await at.host.send({ path: '/anything/at/all' });
    expect(await asked('millrace_host_requests_total{route="other",status="404"}')).toBeGreaterThan(0);
  });

  it.each([
    ['GET', '/health', 200],
    ['GET', '/_/health', 200],
    ['GET', '/ready', 200],
    ['GET', '/_/ready', 200],
    ['GET', '/metrics', 200],
    ['GET', '/', 404],
    ['GET', '/nothing', 404],
    ['POST', '/nothing', 404],
    ['POST', '/health/', 404],
    ['DELETE', '/', 404],
    ['POST', '/command', 404],
  ])('answers %s %s with %i, never with a redirect', async (method, path, status) => {
    const answer = await at.host.send({ method, path });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('location')).toBeNull();
    if (status !== 200) expect(Buffer.byteLength(answer.text)).toBeLessThan(768);
  });
}

/** Not behind a proxy that cleans paths. */
export function rawPathContract(at: ServedWorld): void {
  it('takes // for nothing, never with a redirect', async () => {
    const answer = await at.host.send({ method: 'POST', path: '//' });
    expect([answer.status, answer.headers.get('location')]).toEqual([404, null]);
  });
}
