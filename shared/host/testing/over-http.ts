import type { Answered, Sending } from './contract/served-host.ts';

/** Sends to a host that listens at an address. */
export function overHttp(url: string): (request: Sending) => Promise<Answered> {
  return async ({ method = 'GET', path = '/', headers = {}, body }) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
}
