import { formatInstant } from '../../../../platform/wire/instant.ts'
import { durationOf } from './duration.ts'
import type { VtnEvent } from './objects.ts'

/** What came of a call on one feeder. Energy in kWh, instants UTC milliseconds. */
export interface CallResult {
  readonly intervalId: number
  readonly feederId: string
  readonly startsAt: number
  readonly endsAt: number
  /** Null: nobody can say. */
  readonly baselineKwh: number | null
  readonly actualKwh: number | null
  readonly basis: 'head' | 'devices'
}

/** `reportRequest` of the OpenAPI document of OpenADR 3.1.0. */
export interface ReportRequest {
  readonly objectType: 'REPORT'
  readonly eventID: string
  readonly clientName: string
  readonly reportName: string
  readonly payloadDescriptors: readonly {
    readonly objectType: 'REPORT_PAYLOAD_DESCRIPTOR'
    readonly payloadType: string
    readonly readingType: string
    readonly units: 'KWH'
  }[]
  readonly resources: readonly {
    readonly resourceName: string
    readonly intervals: readonly {
      readonly id: number
      readonly intervalPeriod: { readonly start: string; readonly duration: string }
      readonly payloads: readonly { readonly type: string; readonly values: readonly (number | string)[] }[]
    }[]
  }[]
}

/** What can be reported when an event is over: what was taken, what would have been, and the difference. */
const valueOf: Readonly<Record<string, (result: CallResult) => number | null>> = {
  USAGE: ({ actualKwh }) => actualKwh,
  BASELINE: ({ baselineKwh }) => baselineKwh,
  DELTA_USAGE: ({ actualKwh, baselineKwh }) =>
    actualKwh === null || baselineKwh === null ? null : actualKwh - baselineKwh,
}
const aggregated = 'AGGREGATED_REPORT'

/** What an event asks to be reported of the past that can be; `notTaken` says what cannot. */
export function reportsAsked({ reportDescriptors }: VtnEvent): {
  readonly types: readonly string[]
  readonly isAggregated: boolean
  readonly notTaken: readonly string[]
} {
  const asked = reportDescriptors ?? []
  const answered = asked.filter(({ payloadType, historical }) => payloadType in valueOf && historical !== false)
  return {
    types: [...new Set(answered.map(({ payloadType }) => payloadType))].toSorted(),
    isAggregated: answered.some(({ aggregate }) => aggregate === true),
    notTaken: asked
      .filter((one) => !answered.includes(one))
      .map(({ payloadType, historical }) => `no report of ${payloadType}${historical === false ? ' to come' : ''}`),
  }
}

/** The report on an event that is over: by feeder, or of all together where it asks for that. */
export function reportOf(event: VtnEvent, results: readonly CallResult[], clientName: string): ReportRequest {
  const { types, isAggregated } = reportsAsked(event)
  const byResource = Map.groupBy(results, ({ feederId }) => (isAggregated ? aggregated : feederId))
  const readingType = isAggregated || results.some(({ basis }) => basis === 'devices') ? 'SUMMED' : 'DIRECT_READ'
  return {
    ...{ objectType: 'REPORT', eventID: event.id, clientName, reportName: reportNameOf(event) },
    payloadDescriptors: types.map((payloadType) => ({
      ...{ objectType: 'REPORT_PAYLOAD_DESCRIPTOR', payloadType, units: 'KWH' },
      readingType: payloadType === 'USAGE' ? readingType : 'ESTIMATED',
    })),
    resources: [...byResource]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([resourceName, ofResource]) => ({ resourceName, intervals: intervalsOf(ofResource, types) })),
  }
}

/** By this name a report that was sent before is found again. */
export const reportNameOf = ({ id }: Pick<VtnEvent, 'id'>): string => `linha-viva-${id}`

function intervalsOf(
  results: readonly CallResult[],
  types: readonly string[],
): ReportRequest['resources'][number]['intervals'] {
  const spans = Map.groupBy(results, ({ intervalId, startsAt, endsAt }) => `${intervalId}/${startsAt}/${endsAt}`)
  return [...spans.values()]
    .toSorted(([one], [other]) => one!.startsAt - other!.startsAt || one!.intervalId - other!.intervalId)
    .map((ofSpan) => {
      const { intervalId, startsAt, endsAt } = ofSpan[0]!
      return {
        id: intervalId,
        intervalPeriod: { start: formatInstant(startsAt), duration: durationOf(endsAt - startsAt) },
        payloads: types.flatMap((type) => payloadsOf(type, ofSpan)),
      }
    })
}

/** A value that nobody knows is none, and said to be missing ("Data Quality Enumerations"). */
function payloadsOf(type: string, results: readonly CallResult[]): { type: string; values: (number | string)[] }[] {
  const values = results.map(valueOf[type]!)
  if (values.some((value) => value === null))
    return [
      { type, values: [] },
      { type: 'DATA_QUALITY', values: ['MISSING'] },
    ]
  const kwh = values.reduce<number>((sum, value) => sum + value!, 0)
  return [{ type, values: [Math.round(kwh * 1_000) / 1_000 + 0] }]
}
