import type { Tickets } from '#shared/realtime';
import { defineRoute, type Route } from '../route.ts';
import { streamTicket } from './schemas.ts';

export function ticketRoute({ tickets }: { tickets: Tickets }): Route {
  return defineRoute({
    method: 'post',
    path: '/api/v1/stream/tickets',
    operationId: 'makeStreamTicket',
    tag: 'Realtime',
    summary: 'Make a ticket for one stream',
    description:
      'For pages: `EventSource` and `WebSocket` send no header, and a token must stand in no address. The ticket opens one stream, once; the stream ends with the token that the ticket was made with.',
    access: 'token',
    rate: 'counted',
    responses: { 201: { description: 'The ticket.', schema: streamTicket } },
    async handle({ c, principal }) {
      const { ticket, seconds } = await tickets.make(principal);
      return c.json({ ticket, expiresIn: seconds }, 201);
    },
  });
}
