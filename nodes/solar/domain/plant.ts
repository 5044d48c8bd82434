/** Where a site stands, in degrees: north and east positive. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** What the registry knows of a solar panel, with the defaults of `panelOf` where it knows nothing. */
export interface Panel {
  readonly panelId: string
  readonly siteId: string
  /** Of its site; without one no sun can be calculated, and only measured irradiance says what to expect. */
  readonly place: Place | null
  /** At standard test conditions (1000 W/m², cells at 25 °C), W; above 0. */
  readonly ratedW: number
  /** From the horizontal, degrees, 0…90. */
  readonly tiltDeg: number
  /** Where it faces, degrees clockwise from north, 0…360: 0 north, 90 east. */
  readonly azimuthDeg: number
  /** How its power changes with the temperature of its cells, of the rating per °C; below 0 for every common module. */
  readonly gammaPerC: number
  /** Temperature of its cells at 800 W/m², 20 °C and 1 m/s of wind, °C. */
  readonly noctC: number
  /** At maximum power under standard test conditions, V. */
  readonly ratedV: number
  /** Its share of what the inverter of its site lets through, W. */
  readonly clipsAtW: number | null
  /** UTC milliseconds. */
  readonly installedAt: number | null
}

/** The panels of a site, which see the same sky, and what their energy is worth. */
export interface Plant {
  readonly siteId: string
  readonly place: Place | null
  readonly panels: readonly Panel[]
  /** What the inverter lets through, W. */
  readonly inverterLimitW: number | null
  /** What a kWh is worth, R$. */
  readonly tariffBrlPerKwh: number | null
  /** Of cleaning the whole site once, R$. */
  readonly cleaningCostBrl: number | null
}

/** What a panel reported over 5 minutes: means, generation positive. `null` where it did not report the measure. */
export interface PanelSample {
  /** Beginning of the 5 minutes, UTC milliseconds. */
  readonly at: number
  /** Of the module, °C. */
  readonly temperatureC: number | null
  readonly voltageV: number | null
  readonly currentA: number | null
  readonly powerW: number | null
  /** Least and most of the 5 minutes, W. */
  readonly lowestW?: number | null
  readonly highestW?: number | null
  /** Readings that the means are made of. */
  readonly samples: number
  /** Measured in the plane of the panel, W/m². */
  readonly irradianceWm2: number | null
}

/** What a panel should generate over the 5 minutes of a sample. */
export interface Expected {
  readonly powerW: number
  /** In the plane of the panel, W/m²: what `powerW` was calculated with. */
  readonly irradianceWm2: number
  /**
   * Where the irradiance is from: a sensor of the panel or its site; the clear sky times what the panels of the site
   * make of it together; or the clear sky alone, an upper bound, where too few panels report to tell clouds.
   */
  readonly basis: 'measured' | 'siblings' | 'clear-sky'
  /** In the plane of the panel under a sky without clouds, W/m²; `null` where nobody knows where the site is. */
  readonly clearSkyWm2: number | null
  /** Temperature of the cells that it was calculated with, °C. */
  readonly cellC: number
  /** Whether the inverter, not the sun, bounds `powerW`. */
  readonly isClipped: boolean
  /** Centre of the sun above the horizon, degrees; `null` where nobody knows where the site is. */
  readonly sunElevationDeg: number | null
  /** Whether there is sun enough to judge the panel by: nothing alarms without, but values out of range. */
  readonly isDaylight: boolean
}
