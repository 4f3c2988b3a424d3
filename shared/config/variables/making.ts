import { httpUrl, matching, oneOf, path, secret, whole } from '../readers.ts';
import { variable } from './variable.ts';

/** What videos are made with. */
export const making = {
  FFMPEG_BIN: variable({
    read: path,
    rule: 'the path of an ffmpeg program',
    about: 'The FFmpeg (5.1 or newer) to use. Default: on PATH, then the one that came through npm.',
  }),
  DOWNLOAD_COOKIES: variable({
    read: path,
    rule: 'the path of a file',
    about:
      "A file of cookies for downloads, in Netscape's format. It stays as it is: each function's process has a copy.",
  }),
  LANGUAGE_MODEL: variable({
    read: oneOf(['offline', 'openai-compatible']),
    otherwise: 'offline',
    rule: 'offline or openai-compatible',
    about: 'Who writes scripts: offline (default) or a model behind the OpenAI protocol.',
  }),
  OPENAI_BASE_URL: variable({
    read: httpUrl,
    rule: 'a URL like https://api.openai.com/v1 or http://127.0.0.1:11434/v1',
    about: 'Where the model is, with LANGUAGE_MODEL=openai-compatible.',
  }),
  OPENAI_API_KEY: variable({
    read: secret(matching(/^[\x21-\x7e]{1,1000}$/)),
    rule: 'a key without spaces',
    about: "The model's key; any word for a server that asks for none.",
    secret: true,
  }),
  OPENAI_MODEL: variable({
    read: matching(/^.{1,200}$/s),
    rule: 'the name of a model, at most 200 characters',
    about: 'The name of the model.',
  }),
  MODEL_TIMEOUT_SECONDS: variable({
    read: whole({ min: 1, max: 600 }),
    otherwise: 60,
    rule: 'a whole number from 1 to 600',
    about: 'Limit of one call to the model. Default 60.',
  }),
  MODEL_MAX_TOKENS: variable({
    read: whole({ min: 100, max: 200_000 }),
    otherwise: 4_000,
    rule: 'a whole number from 100 to 200000',
    about: 'Limit of one answer of the model. Default 4000.',
  }),
};
