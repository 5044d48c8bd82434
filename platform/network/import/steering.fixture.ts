/** Of a device of which nothing is known that concerns steering. */
export const unsteered = {
  ...{ phases: null, least_kw: null, fallback_kw: null, contracted_kw: null, capacity_kwh: null },
  ...{ ramp_kw_per_minute: null, min_on_s: null, min_off_s: null },
} as const
