import type { Duplex } from 'node:stream';
import { type HttpProblem, PROBLEM_TYPE } from './problem.ts';

/** Refuses on a bare socket, where no request will be answered, and ends it. */
export function answerOnSocket(socket: Duplex, problem: HttpProblem): void {
  const body = JSON.stringify(problem.document());
  const headers = {
    ...problem.headers,
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} Refused\r\n${lines.join('')}\r\n${body}`);
}
