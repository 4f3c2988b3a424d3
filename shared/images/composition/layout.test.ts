import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { type CompositionName, compositionsFor, layOut, planFrame } from './layout.ts';

const frames = [
  [320, 180],
  [1920, 1080],
  [3840, 2160],
  [1080, 1920],
  [720, 720],
  [1000, 1100],
] as const;
const compositions: readonly CompositionName[] = [
  ...new Set([1, 2, 5].flatMap((items) => compositionsFor(items))),
];

describe('layOut', () => {
  it.each(frames)('keeps everything whole and clear of captions at %i × %i', (width, height) => {
    const plan = planFrame(width, height);
    for (const composition of compositions) {
      for (const footing of ['stands', 'floats'] as const) {
        for (const proportion of [0.25, 1, 4]) {
          const placements = layOut({
            plan,
            composition,
            footing,
            figures: Array.from({ length: 5 }, () => ({ proportion, flies: false })),
            random: seededRandom(`${composition}${footing}${proportion}`),
          });
          expect(placements.filter(({ role }) => role === 'hero')).toHaveLength(1);
          for (const { box, tilt } of placements) {
            // A tilted box reaches a little further than itself.
            const reach = (Math.sin(Math.abs(tilt)) * Math.max(box.width, box.height)) / 2;
            expect(box.x - reach).toBeGreaterThan(width * 0.08);
            expect(box.x + box.width + reach).toBeLessThan(width * 0.92);
            expect(box.y - reach).toBeGreaterThan(height * 0.07);
            expect(box.y + box.height).toBeLessThanOrEqual(height * (height > width * 1.15 ? 0.667 : 0.76));
            expect(box.width / box.height).toBeCloseTo(proportion, 5);
          }
        }
      }
    }
  });

  it('leaves out what the hero would hide', () => {
    const placements = layOut({
      plan: planFrame(720, 720),
      composition: 'trio',
      footing: 'stands',
      figures: [
        { proportion: 2, flies: false },
        ...Array.from({ length: 2 }, () => ({ proportion: 1, flies: false })),
      ],
      random: seededRandom('x'),
    });
    const hero = placements.find(({ role }) => role === 'hero');
    for (const { box, role } of placements) {
      if (role === 'companion' && hero !== undefined) {
        const middle = box.x + box.width / 2;
        expect(middle < hero.box.x || middle > hero.box.x + hero.box.width).toBe(true);
      }
    }
  });
});
