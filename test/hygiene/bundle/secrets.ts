/** What the settings of the machine hold that no bundle may. */
export const SECRETS = {
  OPENAI_API_KEY: 'a-key-of-the-model-9f3c',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIexamplekey42',
  OTEL_EXPORTER_OTLP_HEADERS: 'api-key=collector-word-77,tenant=millrace-tenant',
};
export const TOKEN = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSIsImF1ZCI6Im1pbGxyYWNlIn0.c2lnbmF0dXJlLW9mLWl0';
/** Where a model's answer, a peer's error or a careless person put them. */
export const CARELESS = [
  ...Object.values(SECRETS),
  TOKEN,
  'https://user:hunter2-hunter2@peer.example/x',
  'https://files.example/v.mp4?X-Amz-Signature=0123456789abcdef0123456789abcdef',
];
