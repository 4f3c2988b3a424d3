import type { PushKey } from '#shared/push';
import { createSendCommand } from '../accounts/send-command.ts';
import type { People } from '../environment.ts';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { Route } from '../route.ts';
import { notificationListRoutes } from './list-routes.ts';
import { preferenceRoutes } from './preference-routes.ts';
import { pushRoutes } from './push-routes.ts';
import { refuseMailsRoutes } from './refuse-mails-routes.ts';
import { notificationV1Routes } from './v1-routes.ts';

/** What people are told of. Their fixed paths come first: `read` and `preferences` are nobody's id. */
export function notificationRoutes({
  people: { commands, notifications },
  pushKey,
  reader,
}: {
  people: People;
  pushKey: PushKey | undefined;
  reader: PipelineReader;
}): Route[] {
  const send = createSendCommand({ commands });
  const parts = { send, notifications };
  return [
    ...preferenceRoutes(parts),
    ...(pushKey === undefined ? [] : pushRoutes({ ...parts, key: pushKey })),
    ...refuseMailsRoutes(parts),
    ...notificationListRoutes(parts),
    ...notificationV1Routes({ ...parts, reader }),
  ];
}
