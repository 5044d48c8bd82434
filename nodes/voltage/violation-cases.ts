import type { PoolClient } from 'pg'
import { queriesOf } from '../../platform/storage/queries.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import { voltageClassOf } from '../../platform/regulation/voltage-class.ts'
import { changesOf, partOf, type Due } from './domain/booking.ts'
import { compensationOf } from './domain/compensation.ts'
import {
  deadlinesOf,
  dueMonths,
  nextDue,
  violationChoiceKeys,
  violationEnd,
  violationsOf,
  type DueMonth,
  type Violation,
  type ViolationChoices,
} from './domain/regularisation.ts'
import {
  casesOfUnit,
  compensatedUnits,
  markBooked,
  resultsOfUnit,
  saveCase,
  voidCase,
  worksOfUnit,
  type CompensatedUnit,
  type VoltageCase,
} from './case-repository.ts'
import { chargesFor, chargeKey, type Charge } from './charge-repository.ts'
import { lockMeasurements } from './kept-window-repository.ts'
import { bookedRevisions, strikePending, writeRevisions } from './compensation-repository.ts'
import type { Moment } from './take-up.ts'

/**
 * Opens, closes and corrects the cases of a unit after the results of its measurements, and books what is due and was not
 * booked, or otherwise. Done twice, it does nothing.
 */
export async function followViolations(client: PoolClient, unitId: string, moment: Moment): Promise<void> {
  await lockMeasurements(client)
  const queries = queriesOf(client)
  const violations = violationsOf(await resultsOfUnit(queries, unitId))
  const works = (await worksOfUnit(queries, unitId)).map(({ doneAt }) => doneAt)
  const before = await casesOfUnit(queries, unitId)
  const openings = new Set(violations.map(({ opening }) => opening.measurementId))
  // First, for a unit has one open case.
  for (const { caseId, openedBy, outcome } of before)
    if (!openings.has(openedBy) && outcome !== 'void') await voidCase(client, caseId, moment.now)
  for (const violation of violations) {
    const known = before.find(({ openedBy }) => openedBy === violation.opening.measurementId)
    const choices = known?.choices ?? (await choicesNow(client))
    const deadlines = deadlinesOf(violation.opening, choices, moment.calendar)
    await saveCase(client, { unitId, violation, choices, deadlines, closedAt: violationEnd(violation, works, choices) })
  }
  for (const one of await casesOfUnit(queries, unitId)) {
    const violation = violations.find(({ opening }) => opening.measurementId === one.openedBy)
    const due = violation ? await dueOf(client, one, violation, works, moment) : []
    await book(client, one.caseId, due, moment)
    const lasts = violation !== undefined && violation.closing === undefined
    await markBooked(client, one.caseId, lasts ? nextDue(knownUntil(moment), moment.calendar) : null)
  }
}

async function choicesNow(client: PoolClient): Promise<ViolationChoices> {
  const all = await regulationChoices(queriesOf(client))
  return Object.fromEntries(violationChoiceKeys.map((key) => [key, all[key]])) as unknown as ViolationChoices
}

async function book(client: PoolClient, caseId: number, due: readonly Due[], { now }: Moment): Promise<void> {
  const { write, strike } = changesOf(due, await bookedRevisions(queriesOf(client), caseId))
  await strikePending(client, caseId, strike)
  await writeRevisions(client, caseId, write, now)
}

const knownUntil = ({ now, closedUntil }: Moment): number => Math.min(now, closedUntil)

async function dueOf(
  client: PoolClient,
  { unitId, choices }: VoltageCase,
  violation: Violation,
  works: readonly number[],
  moment: Moment,
): Promise<Due[]> {
  const queries = queriesOf(client)
  const months = dueMonths(violation, works, choices, knownUntil(moment), moment.calendar)
  const others = await compensatedUnits(queries, unitId, choices['voltage-compensated-units'] === 'site')
  const units = [{ unitId, referenceV: violation.opening.referenceV }, ...others]
  const charges = await chargesFor(
    queries,
    units.map((unit) => unit.unitId),
    months.map(({ eusdMonth }) => eusdMonth),
  )
  return months.flatMap((month) =>
    units.map((unit): Due => {
      const charge = charges.get(chargeKey(unit.unitId, month.eusdMonth))
      const { basis } = month
      return {
        ...{ unitId: unit.unitId, month: month.month, basis },
        money: charge
          ? moneyOf(unit, month, charge, choices, moment)
          : { pending: `the EUSD of ${unit.unitId} for ${month.eusdMonth} is not known` },
      }
    }),
  )
}

function moneyOf(
  { referenceV }: CompensatedUnit,
  { basis, part }: DueMonth,
  charge: Charge,
  choices: ViolationChoices,
  { calendar }: Moment,
) {
  const money = compensationOf({
    ...{ drpPct: basis.drpPct, drcPct: basis.drcPct, eusdBrl: charge.eusdBrl },
    voltageClass: voltageClassOf(referenceV),
    day: calendar.dayOf(basis.endedAt),
    k2HighVoltage: choices['voltage-k2-high-voltage'],
  })
  const { measurementId, version } = basis
  const origin = {
    EUSDmonth: charge.month,
    EUSDsource: charge.source,
    measurement: measurementId,
    resultVersion: version,
  }
  const explained = { ...money, inputs: { ...money.inputs, ...origin } }
  return part ? partOf(explained, part) : explained
}
