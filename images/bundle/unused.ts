import type { Plugin } from 'rolldown';

const OTHER_WAYS =
  /\/(smtp-pool|sendmail-transport|ses-transport|json-transport|xoauth2|well-known|dkim)\/index\.js$|\/http-proxy-client\.js$/;

/**
 * What packages load and we never use, a tenth of the start: prom-client's pushing of metrics and metrics of a cluster's
 * workers; pino's other targets than a stream; HTTP/2, which the SDK of AWS speaks to other services than ours, and what it
 * asks of browsers; nodemailer's other ways to send than by SMTP, a connection and a password each, and into a stream.
 */
export const unused: Plugin = {
  name: 'unused',
  resolveId(asked, from = '') {
    if (/^(node:)?http2$/.test(asked)) return { id: '\0http2', moduleSideEffects: false };
    const isUnused =
      (from.includes('/prom-client/') && /^\.\/lib\/(pushgateway|cluster)$/.test(asked)) ||
      asked === 'bowser' ||
      (from.includes('/nodemailer/') && OTHER_WAYS.test(asked)) ||
      (from.includes('/pino/') && /^\.\/(lib\/)?(transport|multistream)$/.test(asked));
    return isUnused ? { id: '\0unused', moduleSideEffects: false } : undefined;
  },
  load(id) {
    if (id === '\0http2') return 'export class Http2ServerRequest {}\nexport const constants = {};';
    return id === '\0unused' ? 'module.exports = class Unused {};' : undefined;
  },
};
