import { Type } from '@sinclair/typebox'
import type { CsvColumn } from '../../platform/http/csv.ts'
import { Instant, instantOrNull, Name, Nullable, OneOf, rounded } from '../../platform/http/fields.ts'
import type { FrequencyExcursion } from './domain/frequency.ts'
import { phaseIndicators } from './domain/power-quality.ts'
import type { QualityStatistics, Statistic95 } from './domain/quality-statistics.ts'
import { vtcdClassOf, vtcdClasses, type VtcdClass, type VtcdRule } from './domain/vtcd.ts'
import { phases } from './domain/sample.ts'
import { count } from './measurement-fields.ts'
import type { VtcdEvent } from './power-quality-repository.ts'

const Rule = Type.Object(
  { validFrom: Type.String({ format: 'date' }), source: Type.String() },
  { description: 'Which rule: since when it holds, and where it stands' },
)
const Factor = Type.Object({
  ratio: Type.Number({ minimum: 0, maximum: 1 }),
  reactive: OneOf(['inductive', 'capacitive', 'none'], 'Which way reactive power goes'),
})

const Indicator = Type.Object(
  {
    indicator: OneOf(['unbalance', ...phaseIndicators], 'FD, DTT, DTTp, DTTi, DTT3 or Pst'),
    unit: OneOf(['%', 'pu'], 'Of value and limit'),
    value95: Type.Number({ description: 'Only 5 % of the windows exceed it; of the phase where it is greatest' }),
    phase: Nullable(OneOf(phases, 'That phase; null where the indicator is of all together')),
    byPhase: Type.Partial(Type.Object({ A: Type.Number(), B: Type.Number(), C: Type.Number() })),
    windows: count('Windows with a value, of the phase with fewest'),
    complete: Type.Boolean({ description: 'true: at least 1,008 of them' }),
    limit: Nullable(Type.Number({ description: 'null: the norm has none' })),
    violated: Nullable(Type.Boolean({ description: 'value95 above the limit, not at it' })),
    rule: Rule,
  },
  { $id: 'PowerQualityIndicator' },
)

const Excursion = Type.Object({
  side: OneOf(['above', 'below'], 'Beyond the limit'),
  hz: Type.Number(),
  mostS: Type.Number({ description: 'So long it may be beyond the limit at a time, s; 0: never' }),
  longestS: Type.Number({ description: 'The longest without a break, s' }),
  since: Instant('When that began'),
  violated: Type.Boolean(),
})

const VtcdCounts = Type.Object(
  {
    ...Object.fromEntries(vtcdClasses.map((name) => [name, count(`Events of class ${name}`)])),
    none: count('Events that are no VTCD by their depth and duration'),
    unknown: count('Events whose depth or duration was not told'),
  },
  { description: 'Voltage variations of short duration that ended in the period, by class' },
)

/** What of it every answer has, be it of a unit or of a measurement. */
const statisticFields = {
  from: Instant('First instant'),
  to: Instant('Last instant'),
  referenceV: Type.Number({ description: 'Reference voltage, which says the limits, V' }),
  validWindows: count('10-minute windows that count'),
  indicators: Type.Array(Indicator, { description: 'Those that were measured' }),
  powerFactor: Nullable(
    Type.Object(
      {
        windows: count('Windows with a value'),
        overall: Nullable(Factor),
        lowest: Factor,
        least: Nullable(Type.Number({ description: 'null: its class is held to none' })),
        below: Nullable(Type.Object({ inductive: count('Windows'), capacitive: count('Windows') })),
        rule: Rule,
      },
      { description: 'Of active and reactive power as metered. No verdict: hours of reference are not known here' },
    ),
  ),
  frequency: Nullable(
    Type.Object({
      windows: count('Windows with a value'),
      minHz: Type.Number(),
      meanHz: Type.Number(),
      maxHz: Type.Number(),
      normalHz: Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }),
      outsideNormal: count('Windows whose mean is outside of normal'),
      excursions: Type.Array(Excursion, { description: 'Limits that it was beyond, whether or not the window counts' }),
      rule: Rule,
    }),
  ),
}

export const UnitPowerQuality = Type.Object(
  { unitId: Name('The consumer unit', 'unit-001'), ...statisticFields, vtcd: VtcdCounts },
  { $id: 'UnitPowerQuality' },
)

export const MeasurementPowerQuality = Type.Object(
  {
    measurementId: Type.Integer(),
    unitId: Name('The consumer unit', 'unit-001'),
    ...statisticFields,
    vtcd: VtcdCounts,
  },
  { $id: 'MeasurementPowerQuality' },
)

export const indicatorCsv: readonly CsvColumn[] = [
  { name: 'indicator', kind: 'text' },
  { name: 'unit', kind: 'text' },
  { name: 'value95', kind: 'number' },
  { name: 'phase', kind: 'text' },
  ...phases.map((phase) => ({
    ...{ name: `value95_${phase.toLowerCase()}`, kind: 'number' as const },
    value: (row: { byPhase: Record<string, number> }) => row.byPhase[phase],
  })),
  { name: 'windows', kind: 'number' },
  { name: 'complete', kind: 'text' },
  { name: 'limit', kind: 'number' },
  { name: 'violated', kind: 'text' },
  { name: 'source', kind: 'text', value: (row: { rule: { source: string } }) => row.rule.source },
]

export const shownIndicator = ({ value, byPhase, ...statistic }: Statistic95) => ({
  ...statistic,
  value95: rounded(value),
  byPhase: Object.fromEntries(Object.entries(byPhase).map(([phase, of]) => [phase, rounded(of)])),
})

export const shownStatistics = (
  { indicators, powerFactor, frequency }: QualityStatistics,
  excursions: readonly FrequencyExcursion[],
) => ({
  indicators: indicators.map(shownIndicator),
  powerFactor: powerFactor && {
    ...powerFactor,
    overall: powerFactor.overall && shownFactor(powerFactor.overall),
    lowest: shownFactor(powerFactor.lowest),
  },
  frequency: frequency && {
    ...frequency,
    meanHz: rounded(frequency.meanHz),
    excursions: excursions.map(({ longestMs, since, ...limit }) => ({
      ...{ ...limit, longestS: longestMs / 1_000, since: instantOrNull(since) },
    })),
  },
})

const shownFactor = <T extends { ratio: number }>(factor: T): T => ({ ...factor, ratio: rounded(factor.ratio) })

/** An event's class; `none` where it is no VTCD, `unknown` where the device did not say how deep or how long it was. */
export function classOf({ magnitudePu, durationS }: VtcdEvent, rule: VtcdRule): VtcdClass | 'none' | 'unknown' {
  if (magnitudePu === null || durationS === null) return 'unknown'
  return vtcdClassOf(magnitudePu, durationS, rule) ?? 'none'
}

export const shownClasses = [...vtcdClasses, 'none', 'unknown'] as const

export const VtcdEventSchema = Type.Object(
  {
    deviceId: Name('The device that told', 'meter-003'),
    eventId: Name('Its number there', 'vtcd-000017'),
    unitId: Nullable(Name('The consumer unit that the device measured', 'unit-001')),
    feederId: Nullable(Name('The feeder', 'feeder-01')),
    class: OneOf(
      shownClasses,
      'Interruption, sag (A) or swell (E), momentary or temporary; none: no VTCD by its depth and duration; unknown: the device did not tell them',
    ),
    endedAt: Instant('When it was over'),
    phases: Nullable(Type.String({ description: 'Phases concerned' })),
    magnitudePu: Nullable(Type.Number({ description: 'Residual voltage of a sag, voltage of a swell, pu' })),
    durationS: Nullable(Type.Number({ description: 'How long it lasted, s' })),
    cause: Nullable(Type.String()),
    quality: Type.String({ description: 'How far the event can be trusted' }),
  },
  { $id: 'VtcdEvent' },
)

export const vtcdCsv: readonly CsvColumn[] = [
  ...['deviceId', 'eventId', 'unitId', 'feederId', 'class', 'endedAt', 'phases'].map((name) => ({
    ...{ name, kind: 'text' as const },
  })),
  { name: 'magnitudePu', kind: 'number' },
  { name: 'durationS', kind: 'number' },
  { name: 'cause', kind: 'text' },
  { name: 'quality', kind: 'text' },
]

export function shownEvent(event: VtcdEvent, rule: VtcdRule) {
  const { deviceKey: _, at, ...shown } = event
  return { ...shown, class: classOf(event, rule), endedAt: new Date(at).toISOString() }
}
