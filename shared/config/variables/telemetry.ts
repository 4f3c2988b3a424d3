import { httpUrl, matching, oneOf, secret } from '../readers.ts';
import { variable } from './variable.ts';

/** What is told to those who operate it. */
export const telemetry = {
  LOG_LEVEL: variable({
    read: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    otherwise: 'info',
    rule: 'one of trace, debug, info, warn, error, fatal, silent',
    about: 'How much is logged. Default info; debug adds stack traces.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    read: httpUrl,
    rule: 'a URL like http://127.0.0.1:4318',
    about: 'Where OpenTelemetry spans are sent (OTLP over HTTP). Default: nowhere.',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable({
    read: secret(matching(/^[\x21-\x7e]+=[\x20-\x7e]*$/)),
    rule: 'headers like api-key=word,tenant=name',
    about: 'Headers for the collector of spans.',
    secret: true,
  }),
};
