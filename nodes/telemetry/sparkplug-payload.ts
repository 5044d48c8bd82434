import protocol from 'sparkplug-payload/lib/sparkplugPayloadProto.js'
import type { Reason } from '../../platform/wire/reasons.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { rebirthName, type RawMetric, type RawValue, type SparkplugPayload } from './domain/sparkplug/payload.ts'

/**
 * The package's own `decodePayload` reads a value by the data type beside it, which DATA messages leave out
 * (Sparkplug 3.0.0, 6.4.16), and makes large UInt32 negative. So its protocol buffers are read as they are.
 */
const { Payload } = protocol.org.eclipse.tahu.protobuf
type Metric = protocol.org.eclipse.tahu.protobuf.Payload.IMetric
type PropertySet = protocol.org.eclipse.tahu.protobuf.Payload.IPropertySet

/**
 * Decodes a Sparkplug B payload. Never throws, whatever the bytes.
 * @param mostBytes  of a payload
 */
export function decodePayload(
  raw: Uint8Array,
  mostBytes: number,
): SparkplugPayload | { reason: Reason; detail: string } {
  if (raw.length > mostBytes)
    return { reason: 'payload_too_large', detail: `${raw.length} bytes, at most ${mostBytes}` }
  try {
    const payload = Payload.decode(raw)
    return {
      ...numbered('timestamp', own(payload, 'timestamp')),
      ...numbered('seq', own(payload, 'seq')),
      metrics: payload.metrics.map(metricOf),
    }
  } catch (error) {
    return { reason: 'bad_payload', detail: messageOf(error).slice(0, 200) }
  }
}

/** Asks an edge node for its births (6.4.24). */
export function encodeRebirthRequest(at: number): Uint8Array {
  const boolean = 11
  const metric = { name: rebirthName, timestamp: at, datatype: boolean, booleanValue: true }
  return Payload.encode(Payload.create({ timestamp: at, metrics: [metric] })).finish()
}

function metricOf(metric: Metric): RawMetric {
  const name = own(metric, 'name')
  const alias = own(metric, 'alias')
  const datatype = own(metric, 'datatype')
  const quality = qualityOf(own(metric, 'properties'))
  return {
    ...(typeof name === 'string' && { name }),
    ...(alias != null && { alias: BigInt(alias.toString()) }),
    ...numbered('timestamp', own(metric, 'timestamp')),
    ...(typeof datatype === 'number' && { datatype }),
    ...(quality !== undefined && { quality }),
    isHistorical: own(metric, 'isHistorical') === true,
    value: own(metric, 'isNull') === true ? null : valueOf(metric),
  }
}

function valueOf(metric: Metric): RawValue {
  const integer = own(metric, 'intValue') ?? own(metric, 'longValue')
  if (integer != null) return BigInt(integer.toString())
  for (const field of ['floatValue', 'doubleValue', 'booleanValue', 'stringValue'] as const) {
    const value = own(metric, field)
    if (value != null) return value
  }
  for (const field of ['bytesValue', 'datasetValue', 'templateValue', 'extensionValue'] as const)
    if (own(metric, field) != null) return { unsupported: true }
  return undefined
}

function qualityOf(properties: PropertySet | null | undefined): number | undefined {
  const index = properties?.keys?.indexOf('Quality') ?? -1
  const property = index < 0 ? undefined : properties?.values?.[index]
  const code = property && (own(property, 'intValue') ?? own(property, 'longValue'))
  return code == null ? undefined : Number(code.toString())
}

/** What is not in the message stands on the prototype, as a default. */
const own = <T extends object, K extends keyof T>(message: T, field: K): T[K] | undefined =>
  Object.hasOwn(message, field) ? message[field] : undefined

const numbered = <K extends string>(name: K, value: { toString(): string } | null | undefined) =>
  (value == null ? {} : { [name]: Number(value.toString()) }) as { [name in K]?: number }
