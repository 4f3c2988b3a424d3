import { at, list, type Rule, record } from './rule.ts';

const CLASSES = ['MTChannelBasedBroker', 'Kafka', 'RabbitMQBroker'];
/** ISO 8601, of which Eventing takes the part with times. */
const DURATION = /^P(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/;
const ATTRIBUTE = /^[a-z0-9]{1,20}$/;

/** A Broker says its class: an unknown one is taken, and nothing ever comes of it. */
export const brokerRule: Rule = (object) => {
  if (object.kind !== 'Broker') return [];
  const named = object.metadata.annotations?.['eventing.knative.dev/broker.class'];
  return [
    ...(named !== undefined && CLASSES.includes(named)
      ? []
      : [`metadata.annotations: broker.class "${named ?? ''}" must be one of ${CLASSES.join(', ')}`]),
    ...(at(object, 'spec.config.kind') === 'Secret'
      ? ['spec.config: a Secret is not read; name a ConfigMap']
      : []),
    ...delivery(record(at(object, 'spec.delivery')), 'spec.delivery'),
  ];
};

/** A Trigger filters in one dialect, on attributes that CloudEvents can have. */
export const triggerRule: Rule = (object) => {
  if (object.kind !== 'Trigger') return [];
  const attributes = record(at(object, 'spec.filter.attributes'));
  const dialects = list(at(object, 'spec.filters'));
  return [
    ...(dialects.length > 0 && at(object, 'spec.filter') !== undefined
      ? ['spec.filter: is ignored beside spec.filters; keep one']
      : []),
    ...dialects
      .filter((filter) => Object.keys(record(filter)).length !== 1)
      .map(() => 'spec.filters: one dialect in each'),
    ...Object.keys(attributes)
      .filter((name) => !ATTRIBUTE.test(name))
      .map((name) => `spec.filter.attributes: "${name}" must be lower case and digits only`),
    ...(at(object, 'spec.subscriber.ref') === undefined && at(object, 'spec.subscriber.uri') === undefined
      ? ['spec.subscriber: has neither ref nor uri']
      : []),
    ...delivery(record(at(object, 'spec.delivery')), 'spec.delivery'),
  ];
};

function delivery(spec: Readonly<Record<string, unknown>>, where: string): readonly string[] {
  const sink = spec.deadLetterSink === undefined ? undefined : record(spec.deadLetterSink);
  return [
    ...['backoffDelay', 'timeout']
      .filter((word) => spec[word] !== undefined && !DURATION.test(String(spec[word])))
      .map((word) => `${where}.${word}: "${spec[word]}" must be ISO 8601, such as PT1S`),
    ...(spec.retryAfterMax === undefined ? [] : [`${where}.retryAfterMax: is refused without its flag`]),
    ...(spec.retry !== undefined && spec.backoffPolicy === undefined
      ? [`${where}.backoffPolicy: is missing; retries would come at once`]
      : []),
    ...(sink !== undefined && sink.ref === undefined && sink.uri === undefined
      ? [`${where}.deadLetterSink: has neither ref nor uri`]
      : []),
  ];
}
