/** What can be wrong in a plant; one word a kind. */
export const faultKinds = [
  'soiling',
  'shading',
  'string_open',
  'short_circuit',
  'degradation',
  'hot_spot',
  'stuck_sensor',
  'inverter_trip',
  'zero_output',
  'clipping',
  'low_voltage',
  'out_of_range',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** The truth about one panel: what was wrong with it, from when until when. */
export interface FaultLabel {
  readonly panelId: string
  readonly kind: FaultKind
  /** UTC milliseconds; for what creeps (soiling, degradation) the instant at which it begins, before anybody could see it. */
  readonly from: number
  /** UTC milliseconds, first instant at which it is over. */
  readonly to: number
  /** Panels that one cause befell (a string, an inverter, a dirty corner) carry the same number. */
  readonly episode: number
}

/** What an object before the sun hides: the panel lies in its shade while the sun stands there. */
export interface ShadingObject {
  /** Middle of it, from north over east, degrees. */
  readonly azimuthDeg: number
  readonly halfWidthDeg: number
  /** The sun is behind it up to this elevation, degrees. */
  readonly topDeg: number
  /** Substrings of the panel that lie in the shade, 1 to 3. */
  readonly substrings: number
}

/** How bad it is, by kind; every figure is of the fault at its full size. */
export type FaultSize =
  | { readonly kind: 'soiling'; /** Light lost a day, share. */ readonly lossPerDay: number }
  | { readonly kind: 'shading'; readonly object: ShadingObject }
  | { readonly kind: 'string_open' }
  | { readonly kind: 'short_circuit'; /** Substrings of three that the diode bridges. */ readonly substrings: number }
  | {
      readonly kind: 'degradation'
      /** Power lost a day, share of what it was at first. */ readonly lossPerDay: number
    }
  | {
      readonly kind: 'hot_spot'
      /** Above the other cells under 1,000 W/m², °C. */
      readonly hotterC: number
      /** Power that the cell turns into heat, share. */
      readonly loss: number
    }
  | { readonly kind: 'stuck_sensor'; readonly measures: 'all' | 'temperature' | 'electric' }
  | { readonly kind: 'inverter_trip' }
  | { readonly kind: 'zero_output' }
  | { readonly kind: 'clipping'; /** Most that it gives, share of the rating. */ readonly capShare: number }
  | {
      readonly kind: 'low_voltage'
      /** Voltage lost in the connection at the rated current, share of the rated one. */
      readonly dropShare: number
    }
  | {
      readonly kind: 'out_of_range'
      readonly measure: 'temperature' | 'voltage' | 'current'
      /** What the sensor shows at the end of its scale. */
      readonly shown: number
    }

/** One cause, the panels that it befalls and when. */
export interface FaultEpisode {
  readonly episode: number
  readonly panelIds: readonly string[]
  readonly from: number
  readonly to: number
  readonly size: FaultSize
}

/** The labels of episodes, one a panel. */
export const labelsOf = (episodes: readonly FaultEpisode[]): FaultLabel[] =>
  episodes.flatMap(({ panelIds, from, to, size, episode }) =>
    panelIds.map((panelId) => ({ panelId, kind: size.kind, from, to, episode })),
  )
