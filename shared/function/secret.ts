import { z } from 'zod';

/** Marks a field (a password, a token) that is neither stored nor logged; say it last: `secret(z.string().min(8))`. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ secret: true });
}

/** What removes a schema's secrets from its values, made once a schema. */
export interface SecretKeeper {
  readonly hasSecrets: boolean;
  /** A copy without the marked fields. */
  strip(value: unknown): unknown;
}

/** Finds what is marked through the schema's JSON Schema, where wrappers, unions and references are plain. */
export function secretKeeper(schema: z.ZodType): SecretKeeper {
  const root = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Node;
  const strip = (value: unknown): unknown => stripped(value, [root], root);
  return { hasSecrets: /"secret":true/.test(JSON.stringify(root)), strip };
}

interface Node {
  readonly secret?: boolean;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node | boolean;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly $defs?: Readonly<Record<string, Node>>;
}

/** @param nodes every schema that the value may be of: a field is a secret when one of them says so */
function stripped(value: unknown, nodes: readonly Node[], root: Node): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const all = nodes.flatMap((node) => branches(node, root, new Set()));
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => {
      const of = all.flatMap(({ prefixItems, items }) => nodesOf(prefixItems?.[index] ?? items));
      return isSecret(of, root) ? [] : [stripped(entry, of, root)];
    });
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]) => {
      const of = all.flatMap(({ properties, additionalProperties }) =>
        nodesOf(
          properties !== undefined && Object.hasOwn(properties, name)
            ? properties[name]
            : additionalProperties,
        ),
      );
      return isSecret(of, root) ? [] : [[name, stripped(entry, of, root)]];
    }),
  );
}

function isSecret(nodes: readonly Node[], root: Node): boolean {
  return nodes.some((node) => branches(node, root, new Set()).some((branch) => branch.secret === true));
}

function nodesOf(node: Node | boolean | undefined): readonly Node[] {
  return typeof node === 'object' ? [node] : [];
}

/** A schema and all that it may stand for. */
function branches(node: Node, root: Node, seen: Set<Node>): readonly Node[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  if (node.$ref !== undefined) inner.push(referred(node.$ref, root));
  return [node, ...inner.flatMap((branch) => branches(branch, root, seen))];
}

function referred(reference: string, root: Node): Node {
  return reference === '#' ? root : (root.$defs?.[reference.replace('#/$defs/', '')] ?? {});
}
