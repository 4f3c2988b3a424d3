/** An IAM policy (2012-10-17). */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** What an installation calls its queues and buckets. */
export interface Names {
  readonly prefix: string;
  readonly buckets: { readonly inbox: string; readonly artifacts: string };
}

export const READ = ['s3:GetObject'];
export const WRITE = ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];
export const SEND = ['sqs:GetQueueUrl', 'sqs:SendMessage'];
export const RECEIVE = [
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
];

/** One permission; its id is given in dashed words. */
export function allow(Sid: string, Action: readonly string[], Resource: readonly string[]): Statement {
  return {
    Sid: Sid.replace(/-./g, (part) => part.slice(1).toUpperCase()),
    Effect: 'Allow',
    Action,
    Resource,
  };
}

/** A bucket, as a policy names it. */
export const s3 = (bucket: string): string => `arn:aws:s3:::${bucket}`;
/** A queue; region and account are those of the installation: put them in place of the stars. */
export const queue = (name: string): string => `arn:aws:sqs:*:*:${name}`;
