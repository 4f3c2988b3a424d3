/** What several series may take together: days and instances that are looked at, each some microsecond. */
export interface Steps {
  left: number;
}

/** As many steps as it takes to look for the changes of a clock in a year. */
export const ZONE_YEAR_STEPS = 1_000;
