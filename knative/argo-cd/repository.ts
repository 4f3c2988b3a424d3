/** Where Argo CD reads the generated folder; a fork names its own. */
export const REPOSITORY = 'https://github.com/millrace/millrace.git';
