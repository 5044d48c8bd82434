/** A Sparkplug payload as it was decoded. Instants are UTC milliseconds, as the edge node sent them. */
export interface SparkplugPayload {
  timestamp?: number
  /** 0 to 255, where the edge node keeps to the specification. */
  seq?: number
  metrics: RawMetric[]
}

export interface RawMetric {
  name?: string
  alias?: bigint
  timestamp?: number
  /** Number of its data type (see datatype.ts). DATA messages leave it out: the birth said it. */
  datatype?: number
  isHistorical: boolean
  value: RawValue
  /** Its property `Quality`: 192 good, 0 bad, 500 stale. */
  quality?: number
}

/**
 * A value as it travels. Integers are unsigned there, whatever their type: a `bigint` stands for both of the fields
 * that carry them. `unsupported` is a Template, a DataSet, bytes or an array. `undefined`: none was sent.
 */
export type RawValue = bigint | number | boolean | string | null | undefined | { unsupported: true }

/** The name of the metric that pairs an NBIRTH with its NDEATH (Sparkplug 3.0.0, 6.4.20). */
export const bdSeqName = 'bdSeq'

/** The metric by which an edge node is asked for its births again (6.4.24). */
export const rebirthName = 'Node Control/Rebirth'
