import { raw } from 'hono/html';
import type { Route } from '../../route.ts';
import { answerPage } from '../layout.ts';
import { pageOrigin } from '../page-origin.ts';
import { docsPage } from './docs-page.ts';
import type { OpenApiDocument } from './document-reader.ts';
import { ORIGIN_MARK } from './operation-card.ts';

/** The reference, drawn here from the OpenAPI document: it loads nothing from elsewhere and needs no script. */
export function docsRoute({
  document,
  trustProxy,
}: {
  document: () => OpenApiDocument;
  trustProxy: boolean;
}): Route {
  let drawn: string | undefined;
  return {
    method: 'get',
    path: '/docs',
    access: 'public',
    rate: 'free',
    async handle(c) {
      drawn ??= String(await docsPage(document()));
      // The origin holds nothing that HTML or a shell would read otherwise.
      return await answerPage(c, raw(drawn.replaceAll(ORIGIN_MARK, pageOrigin(c, trustProxy))));
    },
  };
}
