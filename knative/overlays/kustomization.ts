/** A Kustomization, as we need it (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization). */
export interface Kustomization {
  readonly namespace?: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly Patch[];
  readonly configMapGenerator?: readonly object[];
  readonly generatorOptions?: object;
}

/** Changes of an object that is there, in the words of RFC 6902; or its end. */
export interface Patch {
  readonly target: { readonly kind: string; readonly name: string };
  readonly change:
    | 'delete'
    | readonly { readonly op: 'replace' | 'add'; readonly path: string; readonly value: unknown }[];
}
