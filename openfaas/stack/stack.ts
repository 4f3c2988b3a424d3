/** The stack file of OpenFaaS (https://docs.openfaas.com/reference/yaml), as far as it is written here. */
export interface Stack {
  readonly version: '1.0';
  readonly provider: { readonly name: 'openfaas'; readonly gateway: string };
  readonly functions: Readonly<Record<string, StackFunction>>;
}

export interface StackFunction {
  readonly image: string;
  /** The image is there: the release train built it. */
  readonly skip_build: true;
  readonly readonly_root_filesystem: true;
  readonly limits: StackResources;
  readonly requests: StackResources;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Quantities of Kubernetes. Nothing else can be said there: no disk, no GPU. */
export interface StackResources {
  readonly cpu: string;
  readonly memory: string;
}
