import { readManifest } from './packages.ts';

/**
 * What a bundle is made of, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): the packages whose code or files are
 * in it, and no other. It names neither time nor machine, so that the same sources make the same bytes.
 *
 * @param options `packages`: folders
 */
export async function billOfMaterials(options: {
  name: string;
  version: string;
  packages: readonly string[];
}): Promise<string> {
  const { name, version, packages } = options;
  const components = await Promise.all(packages.map(component));
  const unique = new Map(components.map((each) => [each['bom-ref'], each]));
  const sorted = [...unique.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
  const self = `pkg:generic/millrace/${name}@${version}`;
  const page = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': self, group: 'millrace', name, version, purl: self },
    },
    components: sorted,
    dependencies: [{ ref: self, dependsOn: sorted.map((each) => each['bom-ref']) }],
  };
  return `${JSON.stringify(page, undefined, 2)}\n`;
}

async function component(folder: string) {
  const { name, version, license } = await readManifest(folder);
  const [scope, plain] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = `pkg:npm/${scope === undefined ? '' : `${encodeURIComponent(scope)}/`}${plain}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: plain ?? name,
    version,
    purl,
    ...(typeof license === 'string' ? { licenses: [{ expression: license }] } : {}),
  };
}
