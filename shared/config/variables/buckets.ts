import { httpUrl, matching, oneOf } from '../readers.ts';
import { variable } from './variable.ts';

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const BUCKET_RULE = 'the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes';

/** S3 and SQS, the inbox and how it hears of files. */
export const buckets = {
  AWS_ENDPOINT_URL: variable({
    read: httpUrl,
    rule: 'a URL like http://127.0.0.1:4566',
    about: 'Where S3 and SQS answer (LocalStack, MiniStack, MinIO …). Default: AWS itself.',
  }),
  AWS_REGION: variable({
    read: matching(/^[a-z0-9-]{1,40}$/),
    rule: 'a region such as eu-central-1',
    about: 'Region of S3 and SQS. Default: that of the AWS profile; us-east-1 with AWS_ENDPOINT_URL.',
  }),
  INBOX_BUCKET: variable({
    read: matching(BUCKET_NAME),
    otherwise: 'millrace-inbox',
    rule: BUCKET_RULE,
    about: 'The bucket that outside files come into. Default millrace-inbox.',
  }),
  INBOX_OWNER: variable({
    read: matching(/^[\x21-\x7e]{1,200}$/),
    otherwise: 'me',
    rule: '1 to 200 ASCII characters without spaces',
    about: "The account whose a file in the inbox is that is nobody's by its key. Default me: your own.",
  }),
  INBOX_OWNERS: variable({
    read: oneOf(['prefix', 'configured']),
    rule: 'prefix ({owner} of a key is believed: nobody else can write there) or configured (all is of INBOX_OWNER)',
    about:
      'Whose files in the inbox are. Default prefix on a folder of this machine, configured on a bucket.',
  }),
  NOTICES: variable({
    read: oneOf(['queue', 'webhook']),
    rule: 'queue (SQS) or webhook (MinIO posts them)',
    about: 'How the inbox on S3 hears of files. Default queue with TRANSPORT=sqs, else webhook.',
  }),
  ARTIFACTS_BUCKET: variable({
    read: matching(BUCKET_NAME),
    otherwise: 'millrace-artifacts',
    rule: BUCKET_RULE,
    about: 'The bucket of everything that is made. Default millrace-artifacts.',
  }),
  QUEUE_PREFIX: variable({
    read: matching(/^[A-Za-z0-9_-]{1,40}$/),
    otherwise: 'millrace',
    rule: '1 to 40 letters, digits, dashes and underscores',
    about: 'How the names of our SQS queues begin. Default millrace.',
  }),
};
