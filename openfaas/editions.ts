/** What the Community Edition allows (https://docs.openfaas.com/openfaas-pro/introduction, comparison). */
export const COMMUNITY_EDITION = {
  functions: 15,
  /** Pods of one function. */
  replicas: 5,
};
