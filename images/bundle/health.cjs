'use strict';
// Asked by the image's own HEALTHCHECK, in a process of its own that loads nothing.
const { get } = require('node:http');

get({ port: process.env.PORT, path: '/health' }, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
).on('error', () => process.exit(1));
