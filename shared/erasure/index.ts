/** Erasure: what people leave in the database goes, a piece at a time. */
export { createPeopleErasure, type PeopleErasure } from './people-erasure.ts';
