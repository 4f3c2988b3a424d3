/** What must stand in S3 and SQS: the plan that follows from events.yaml, the policies beside it, and what brings a server to it. */
export { generatedProvision } from './generated-provision.ts';
export { createPlan } from './plan.ts';
export { type Provisioned, provision } from './provision.ts';
