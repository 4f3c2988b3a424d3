import type { Environment } from '../environments.ts';
import type { Images } from '../images.ts';
import { PLATFORM_IMAGE } from '../installation.ts';
import { dashed, labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { serviceAccount } from '../objects/service-account.ts';
import { figures } from '../platform/figures.ts';
import { resources } from '../pod/resources.ts';
import { containerSecurity, podSecurity } from '../pod/security.ts';

/** Asks until all is well, for four minutes at most. Exit 1 says which address was not, and what it answered. */
const SCRIPT = `const asked = process.argv.slice(1);
const until = Date.now() + 240_000;
for (const url of asked) {
  for (;;) {
    const said = await fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
      async (answer) => (answer.ok ? undefined : \`\${answer.status} \${(await answer.text()).slice(0, 300)}\`),
      (error) => String(error.cause ?? error),
    );
    if (said === undefined) break;
    if (Date.now() > until) {
      console.error(\`\${url}: \${said}\`);
      process.exit(1);
    }
    await new Promise((again) => setTimeout(again, 5_000));
  }
  console.log(\`\${url}: well\`);
}
`;

/** The smoke test of an environment, after each sync: the interface answers, and its ledger does. */
export function smoke({ namespace }: Environment, images: Images): readonly KubernetesObject[] {
  const version = images.version(PLATFORM_IMAGE);
  const all = labels({ name: 'smoke', component: 'platform', version });
  const asked = [
    `http://ingress.${namespace}.svc.cluster.local/ready`,
    'http://streams/ready',
    'http://scheduler/ready',
  ];
  return [
    serviceAccount('smoke', 'platform'),
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: `smoke-${dashed(version)}`,
        labels: all,
        annotations: {
          'argocd.argoproj.io/hook': 'PostSync',
          'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
        },
      },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 300,
        ttlSecondsAfterFinished: 86_400,
        template: {
          metadata: { labels: all },
          spec: {
            restartPolicy: 'Never',
            serviceAccountName: 'smoke',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity,
            containers: [
              {
                name: 'smoke',
                image: images.reference(PLATFORM_IMAGE),
                command: ['node', '--input-type=module', '--eval', SCRIPT, '--', ...asked],
                resources: resources(figures.small),
                securityContext: containerSecurity,
              },
            ],
          },
        },
      },
    },
  ];
}
