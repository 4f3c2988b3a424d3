import { html } from 'hono/html';
import type { Markup } from '../layout.ts';

/** A description as the document holds it: what stands in backticks is code. */
export function prose(text: string): Markup {
  return html`${text.split('`').map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : piece))}`;
}
