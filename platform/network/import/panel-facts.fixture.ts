/** Of a device of which nothing is known that concerns a solar panel. */
export const noPanelFacts = {
  ...{ tilt_deg: null, azimuth_deg: null, gamma_per_c: null, noct_c: null, rated_v: null, installed_at: null },
} as const
