import { httpUrl, matching, oneOf, secret } from '../readers.ts';
import { variable } from './variable.ts';

/** What carries wake-ups. */
export const transport = {
  TRANSPORT: variable({
    read: oneOf(['postgres', 'sqs', 'broker']),
    otherwise: 'postgres',
    rule: 'postgres, sqs or broker',
    about: 'What carries wake-ups: postgres (default), sqs, or broker (Knative).',
  }),
  BROKER_URL: variable({
    read: httpUrl,
    rule: 'a URL like http://broker-ingress.knative-eventing.svc.cluster.local/millrace/millrace',
    about: 'Where the Broker takes wake-ups, with TRANSPORT=broker.',
  }),
  OPENFAAS_URL: variable({
    read: httpUrl,
    rule: 'a URL like http://gateway.openfaas.svc.cluster.local:8080',
    about: 'The gateway that the dispatcher sends wake-ups to.',
  }),
  OPENFAAS_USER: variable({
    read: matching(/^[\x21-\x39\x3b-\x7e]{1,200}$/),
    otherwise: 'admin',
    rule: '1 to 200 ASCII characters without spaces and colons',
    about: 'Who the dispatcher is to the gateway. Default admin.',
  }),
  OPENFAAS_PASSWORD: variable({
    read: secret(matching(/^[\x21-\x7e]{1,1000}$/)),
    rule: 'a password without spaces',
    about: 'Its password. Default: it sends none.',
    secret: true,
  }),
  OPENFAAS_INVOKE: variable({
    read: oneOf(['function', 'async-function']),
    otherwise: 'function',
    rule: 'function (waits for the end of the work) or async-function (by the queue of OpenFaaS)',
    about: 'How the gateway calls functions: function (default) or async-function.',
  }),
};
