/** Most that one unit may be without supply before it is compensated. */
export interface IndividualLimits {
  /** Hours and interruptions of a month, longest interruption of a month in hours. */
  readonly dicH: number
  readonly fic: number
  readonly dmicH: number
  /** Hours of one event of a critical day, and of one of a situation of emergency; null where there is no limit. */
  readonly dicriH: number | null
  readonly diseH: number | null
  /** Where they are written, and how sure that is. */
  readonly source: string
}
