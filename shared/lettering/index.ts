/** Lettering: which of the bundled typefaces a text needs, and what none of them can set. */
export { directionOf, graphemesOf, inVisualOrder } from './direction.ts';
export { typefaces } from './typefaces.ts';
export { unsettable, withoutUnsettable } from './unsettable.ts';
