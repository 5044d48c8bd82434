import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { IdentifierParameter, InstantParameter } from '../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badField, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import { ruleOn } from '../../platform/regulation/regulated.ts'
import type { Database } from '../../platform/storage/database.ts'
import { frequencyRules } from './domain/frequency.ts'
import { qualityStatistics } from './domain/quality-statistics.ts'
import { transgressionOn } from './domain/transgression.ts'
import { vtcdRules, type VtcdRule } from './domain/vtcd.ts'
import { windowMs } from './domain/windows.ts'
import { serial } from './measurement-fields.ts'
import { findMeasurement, measurementWindows } from './measurement-repository.ts'
import {
  classOf,
  indicatorCsv,
  MeasurementPowerQuality,
  shownClasses,
  shownEvent,
  shownStatistics,
  UnitPowerQuality,
  vtcdCsv,
  VtcdEventSchema,
} from './power-quality-fields.ts'
import {
  findJudgedUnit,
  metersOfUnit,
  vtcdEvents,
  type VtcdEvent,
  type VtcdFilter,
} from './power-quality-repository.ts'
import { supplyQuality, type JudgedMeter } from './supply-quality.ts'
import { windowsOfUnit } from './unit-window-repository.ts'

const dayMs = 86_400_000
const mostDays = 31

const eventKeys = new Keyset(
  Type.Object({
    at: instantKey,
    deviceKey: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
    eventId: Type.String({ maxLength: 64 }),
  }),
)

/** Quality of supply beside the voltage itself. */
export const powerQualityRoutes = (services: Services): readonly ApiRoute[] => {
  const { database, environment } = services
  const days = civilDaysIn(environment.TIME_ZONE)
  const vtcdRuleAt = (at: number): VtcdRule => ruleOn('VTCD', vtcdRules, days.dayOf(at)).value
  const countsOf = (filter: VtcdFilter) => countedByClass(database, filter, vtcdRuleAt(filter.to))
  const judged = (meters: readonly JudgedMeter[], unit: Parameters<typeof statisticsOf>[2], day: string) =>
    statisticsOf(database, meters, unit, day)

  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/units/{unitId}/power-quality',
      operationId: 'getUnitPowerQuality',
      summary: 'Unbalance, harmonics, flicker, power factor, frequency and VTCD of a consumer unit',
      description:
        'From its valid 10-minute windows, each with the value that only 5 % of them exceed and its limit. Of what its meter does not report there is nothing. As CSV the indicators only.',
      tag: 'voltage quality',
      right: 'read',
      params: Type.Object({ unitId: IdentifierParameter('The consumer unit', 'unit-001') }),
      query: Type.Object({
        from: Type.Optional(InstantParameter('First instant; seven days before `to` unless given')),
        to: Type.Optional(InstantParameter('Last instant; now unless given')),
      }),
      answers: { 200: { description: 'Statistics and limits', schema: UnitPowerQuality } },
      csv: indicatorCsv,
      async handle({ params: { unitId }, query, format }) {
        const { from, to } = periodOf(query, 7)
        const unit = await findJudgedUnit(database, unitId)
        if (!unit) throw notFound('unit', 'path.unitId', unitId)
        const valid = new Map<number, Set<number>>()
        for (const { deviceKey, start, invalid } of await windowsOfUnit(database, unitId, from, to))
          if (!invalid) valid.set(deviceKey, (valid.get(deviceKey) ?? new Set()).add(start))
        const meters = (await metersOfUnit(database, unitId, from, to)).map((meter) => ({
          ...{ ...meter, valid: valid.get(meter.deviceKey) ?? new Set<number>() },
        }))
        const statistics = await judged(meters, unit, days.dayOf(to))
        if (format === 'csv') return { rows: statistics.indicators }
        const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
        const vtcd = await countsOf({ from, to, unitId })
        return { body: { unitId, ...period, ...statistics, vtcd } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/measurements/{measurementId}/power-quality',
      operationId: 'getMeasurementPowerQuality',
      summary: 'Unbalance, harmonics, flicker, power factor, frequency and VTCD of an official measurement',
      description: 'From its first 1,008 valid windows, those it has so far while it runs. As CSV the indicators only.',
      tag: 'voltage quality',
      right: 'read',
      params: Type.Object({ measurementId: serial('The measurement') }),
      answers: { 200: { description: 'Statistics and limits', schema: MeasurementPowerQuality } },
      csv: indicatorCsv,
      async handle({ params: { measurementId }, format }) {
        const found = await findMeasurement(database, measurementId)
        if (!found) throw notFound('measurement', 'path.measurementId', measurementId)
        const { unitId, deviceKey, referenceV, startsAt, takenUntil } = found
        const day = days.dayOf(startsAt)
        const valid = (await measurementWindows(database, measurementId))
          .filter(({ invalid }) => !invalid)
          .slice(0, transgressionOn(day).value.windows)
          .map(({ start }) => start)
        const until = valid.length === 0 ? takenUntil : valid.at(-1)! + windowMs
        const unit = await findJudgedUnit(database, unitId)
        const meter = { deviceKey, from: startsAt, until, valid: new Set(valid) }
        const judgedAs = { referenceV, betweenPhases: unit?.betweenPhases ?? false }
        const statistics = await judged([meter], judgedAs, day)
        if (format === 'csv') return { rows: statistics.indicators }
        const period = { from: new Date(startsAt).toISOString(), to: new Date(until).toISOString() }
        const vtcd = await countsOf({ from: startsAt, to: until, unitId })
        return { body: { measurementId, unitId, ...period, ...statistics, vtcd } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/events',
      operationId: 'listVtcdEvents',
      summary: 'Voltage variations of short duration (VTCD) by class, newest first',
      description:
        'As instruments told them. The Fator de Impacto is not calculated: the weights of the classes are not known here.',
      tag: 'voltage quality',
      right: 'read',
      query: Type.Object({
        from: Type.Optional(InstantParameter('Ended not before this instant; 31 days before `to` unless given')),
        to: Type.Optional(InstantParameter('Ended not after this instant; now unless given')),
        unitId: Type.Optional(IdentifierParameter('Of this consumer unit', 'unit-001')),
        feederId: Type.Optional(IdentifierParameter('On this feeder', 'feeder-01')),
        ...pageQuery(100, 1_000),
      }),
      answers: { 200: { description: 'Events', schema: pageOf(VtcdEventSchema) } },
      csv: vtcdCsv,
      async handle({ query }) {
        const { cursor, limit, unitId, feederId } = query
        const { from, to } = periodOf(query, mostDays)
        const after = eventKeys.after(cursor)
        const rows = await vtcdEvents(database, { from, to, unitId, feederId }, { after, limit: limit + 1 })
        const key = ({ at, deviceKey, eventId }: VtcdEvent) => ({ at, deviceKey, eventId })
        const { items, nextCursor } = eventKeys.page(rows, limit, key)
        return { body: { items: items.map((event) => shownEvent(event, vtcdRuleAt(event.at))), nextCursor } }
      },
    }),
  ]
}

/** What readings of some meters say, judged by the rules of a day. */
async function statisticsOf(
  database: Database,
  meters: readonly JudgedMeter[],
  { referenceV, betweenPhases }: { referenceV: number; betweenPhases: boolean },
  day: string,
) {
  const choices = await regulationChoices(database)
  const questionable = choices['voltage-questionable-readings'] === 'count' ? [] : (['questionable'] as const)
  const { windows, excursions } = await supplyQuality(database, meters, {
    ...{ betweenPhases, leastCoverage: choices['voltage-minimum-coverage'] },
    frequency: ruleOn('frequency', frequencyRules, day).value,
    without: ['invalid', 'server-time', ...questionable],
  })
  const highVoltageDistortion = choices['voltage-high-voltage-distortion']
  const statistics = qualityStatistics(windows, { referenceV, day, highVoltageDistortion })
  const validWindows = meters.reduce((sum, { valid }) => sum + valid.size, 0)
  return { referenceV, validWindows, ...shownStatistics(statistics, excursions) }
}

async function countedByClass(database: Database, filter: VtcdFilter, rule: VtcdRule) {
  const counts = Object.fromEntries(shownClasses.map((name) => [name, 0]))
  const limit = 1_000
  for (let after: VtcdEvent | undefined; ;) {
    const events = await vtcdEvents(database, filter, { after, limit })
    for (const event of events) counts[classOf(event, rule)]!++
    after = events.at(-1)
    if (events.length < limit) return counts
  }
}

function periodOf(query: { from?: number; to?: number }, usualDays: number): { from: number; to: number } {
  const to = query.to ?? platformClock.now()
  const from = query.from ?? to - usualDays * dayMs
  if (from > to) throw badField('query.from', new Date(from).toISOString(), 'must not be after to')
  if (to - from > mostDays * dayMs)
    throw badField('query.from', new Date(from).toISOString(), `must be ${mostDays} days before to at most`)
  return { from, to }
}
