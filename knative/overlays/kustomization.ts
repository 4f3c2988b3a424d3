/** A Kustomization, as we need it (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization). */
export interface Kustomization {
  readonly namespace?: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly Patch[];
  readonly replacements?: readonly Replacement[];
  readonly configMapGenerator?: readonly GeneratedConfigMap[];
  /** Files that say where objects of other kinds name a ConfigMap or a Secret. */
  readonly configurations?: readonly string[];
  readonly generatorOptions?: object;
}

/** A value of one object that is put into others. */
export interface Replacement {
  readonly source: { readonly kind: string; readonly fieldPath: string };
  readonly targets: readonly {
    readonly select: { readonly kind: string; readonly name: string };
    readonly fieldPaths: readonly string[];
    /** Which piece of the text it takes the place of, counted from 0. */
    readonly options: { readonly delimiter: string; readonly index: number };
  }[];
}

/** A ConfigMap that Kustomize makes. Its name gets what is in it as a suffix, so that pods roll when that changes. */
export interface GeneratedConfigMap {
  readonly name: string;
  /** `NAME=value` each. */
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly options?: object;
}

/** Changes of an object that is there, in the words of RFC 6902; or its end. */
export interface Patch {
  readonly target: { readonly kind: string; readonly name: string };
  readonly change:
    | 'delete'
    | readonly { readonly op: 'replace' | 'add'; readonly path: string; readonly value: unknown }[];
}
