import { httpUrl, oneOf } from '../readers.ts';
import { variable } from './variable.ts';

/** Where files are kept. */
export const objects = {
  OBJECTS: variable({
    read: oneOf(['filesystem', 's3']),
    otherwise: 'filesystem',
    rule: 'filesystem or s3',
    about: 'Where files are kept: filesystem (default) or s3.',
  }),
  AWS_ENDPOINT_URL_S3: variable({
    read: httpUrl,
    rule: 'a URL like http://127.0.0.1:9000',
    about: 'Where S3 alone answers (MinIO, Garage …). Default AWS_ENDPOINT_URL.',
  }),
  S3_PUBLIC_ENDPOINT: variable({
    read: httpUrl,
    rule: 'a URL like https://files.example.org',
    about: 'Where browsers reach the same buckets to send files. Default: where we reach them.',
  }),
  S3_ADDRESSING: variable({
    read: oneOf(['path', 'virtual-host']),
    rule: 'path (endpoint/bucket/key) or virtual-host (bucket.endpoint/key)',
    about: 'How buckets are addressed. Default path with an endpoint, virtual-host with AWS.',
  }),
};
