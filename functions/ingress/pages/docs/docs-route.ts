import type { Route } from '../../route.ts';
import { answerPage, type Markup } from '../layout.ts';
import { docsPage } from './docs-page.ts';
import type { OpenApiDocument } from './document-reader.ts';

/** The reference, drawn here from the OpenAPI document: it loads nothing from elsewhere and needs no script. */
export function docsRoute({ document }: { document: () => OpenApiDocument }): Route {
  let page: Markup | undefined;
  return {
    method: 'get',
    path: '/docs',
    access: 'public',
    rate: 'free',
    async handle(c) {
      page ??= docsPage(document());
      return await answerPage(c, page);
    },
  };
}
