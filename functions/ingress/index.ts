/** The HTTP front door: authenticates, limits and validates, turns a request into an event, and answers from read models. */
export { createIngress, type Ingress } from './create-ingress.ts';
export type { IngressOptions } from './environment.ts';
