import type { Files, Objects, Source } from '../knative/folder.ts';
import { readImages } from '../knative/images.ts';
import { NAMESPACE } from '../knative/installation.ts';
import { document, writeYaml } from '../knative/kubernetes/write-yaml.ts';
import { namespace } from '../knative/objects/namespace.ts';
import { writeKustomization } from '../knative/overlays/write-kustomization.ts';
import { adapter } from '../knative/platform/adapter.ts';
import { migration } from '../knative/platform/migration.ts';
import { scheduler } from '../knative/platform/scheduler.ts';
import { streams } from '../knative/platform/streams.ts';
import { secretsOfDoor } from '../knative/pod/environment.ts';
import { dispatcher } from './platform/dispatcher.ts';
import { gatewaySecret } from './platform/gateway-secret.ts';
import { platformSettings } from './platform/settings.ts';
import { checkStackSessions } from './stack/check-stack-sessions.ts';
import { writeStack } from './stack/write-stack.ts';

const TEMPLATE = '# A template: copy it without .example, fill it in, apply it, and keep it out of Git.\n';

/**
 * Everything that an installation on OpenFaaS needs of `events.yaml`, as files of `openfaas/generated`, by their path
 * there: the stack file, and the platform's own processes, which are no functions.
 *
 * @throws Permanent `stack-sessions`, `digests-invalid`, `profile-unknown`
 */
export function generatedOpenFaas({ topology, page, wants, ...read }: Source): Files {
  checkStackSessions(topology, page);
  const images = readImages(read);
  const objects: Objects = {
    'namespace.yaml': [namespace],
    'migration.yaml': migration(images),
    'scheduler.yaml': scheduler(images, { secrets: ['objects'] }),
    'adapter.yaml': adapter(images),
    'streams.yaml': streams(images, secretsOfDoor(topology, wants)),
    'dispatcher.yaml': dispatcher(images),
  };
  return {
    'stack.yaml': writeStack({ topology, images, wants }),
    'platform/Kustomization': writeKustomization({
      namespace: NAMESPACE,
      resources: Object.keys(objects),
      configMapGenerator: [platformSettings],
    }),
    ...Object.fromEntries(
      Object.entries(objects).map(([name, list]) => [`platform/${name}`, writeYaml(list)]),
    ),
    'gateway.yaml.example': TEMPLATE + document(gatewaySecret),
  };
}
