/** The closed set of failures that a function, a driver or a route may report. */
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
