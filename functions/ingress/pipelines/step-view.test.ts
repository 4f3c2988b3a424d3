import { expect, test } from 'vitest';
import type { DeliveryState, DeliveryView } from '#shared/ledger';
import { detailOf, stepOf } from './step-view.ts';

const delivery = (given: { state: DeliveryState; attempts: number; lost: number }): DeliveryView => ({
  id: '0193b3f0-4d5e-8000-a000-000000000000',
  run: '0193b3f0-4d5e-8000-a000-000000000001',
  function: 'render-scene',
  key: 'scene-001',
  progress: 0,
  createdAt: new Date(0),
  usage: {},
  ...given,
});

test.each([
  { state: 'due', attempts: 0, lost: 0, begun: 0 },
  { state: 'leased', attempts: 0, lost: 0, begun: 1 },
  { state: 'due', attempts: 0, lost: 1, begun: 1 },
  { state: 'leased', attempts: 0, lost: 1, begun: 2 },
  { state: 'later', attempts: 1, lost: 1, begun: 2 },
  { state: 'done', attempts: 1, lost: 1, begun: 3 },
  { state: 'dead', attempts: 0, lost: 6, begun: 6 },
  { state: 'dead', attempts: 3, lost: 1, begun: 4 },
] as const)(
  '$state after $attempts failures and $lost deaths was begun $begun times',
  ({ begun, ...given }) => {
    expect(stepOf(delivery(given))).toMatchObject({ attempts: begun, lost: given.lost });
  },
);

test('a step of many parts counts those of all parts', () => {
  const lost = stepOf(delivery({ state: 'done', attempts: 0, lost: 1 }));
  const failed = stepOf(delivery({ state: 'later', attempts: 2, lost: 0 }));
  expect(detailOf([lost, failed])).toMatchObject({ attempts: 4, lost: 1 });
});
