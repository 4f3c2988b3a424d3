/** The closed set of failures that a function, a driver or a route may report, and the word that was probably meant. */
export {
  Cancelled,
  Conflict,
  type ErrorKind,
  type Failure,
  MillraceError,
  Permanent,
  Transient,
  toFailure,
} from './errors.ts';
export { nearestWord } from './nearest-word.ts';
