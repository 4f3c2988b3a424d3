import { heights, space } from './above.ts';
import { cells, circuit, discs, paper, rays } from './abstract.ts';
import { antiquity, city, village } from './built.ts';
import { kitchen, laboratory, studio, study } from './indoors.ts';
import { desert, farmland, forest, meadow, mountains, snowfield } from './land.ts';
import type { Stage } from './stage.ts';
import { coast, sea, underwater } from './water.ts';

/** A place for a picture, and whether things stand or float in it. */
export interface Setting {
  readonly paint: (stage: Stage) => void;
  readonly footing: 'stands' | 'floats';
  /** How its place reads in a description: `in a forest`. */
  readonly where: string;
}

const stands = (paint: Setting['paint'], where: string): Setting => ({ paint, footing: 'stands', where });
const floats = (paint: Setting['paint'], where: string): Setting => ({ paint, footing: 'floats', where });

export const settings = {
  meadow: stands(meadow, 'on a green meadow'),
  forest: stands(forest, 'in a forest'),
  mountains: stands(mountains, 'before mountains'),
  desert: stands(desert, 'among dunes'),
  snowfield: stands(snowfield, 'in the snow'),
  farmland: stands(farmland, 'on a field'),
  sea: floats(sea, 'over the sea'),
  coast: stands(coast, 'on a beach'),
  underwater: floats(underwater, 'under water'),
  heights: floats(heights, 'above the clouds'),
  space: floats(space, 'in space'),
  city: stands(city, 'before a city'),
  village: stands(village, 'in a village'),
  antiquity: stands(antiquity, 'before old columns'),
  study: stands(study, 'on a desk by a window'),
  kitchen: stands(kitchen, 'in a kitchen'),
  laboratory: stands(laboratory, 'in a laboratory'),
  studio: stands(studio, 'in a bright studio'),
  paper: floats(paper, 'among cut paper'),
  rays: stands(rays, 'before broad rays of light'),
  cells: floats(cells, 'among cells'),
  circuit: floats(circuit, 'on a circuit board'),
  discs: stands(discs, 'before large discs'),
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;
