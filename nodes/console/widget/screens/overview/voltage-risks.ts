import type { LiveVoltageUnit } from '../../../../../platform/wire/live.ts'

/** A unit whose official measurement has broken a limit, or is close to it; of its two limits the one that is closer. */
export interface VoltageRisk {
  readonly unitId: string
  readonly feederId: string | null
  readonly limit: 'DRP' | 'DRC'
  /** Windows so far, and those that the limit allows; null until there is a forecast. */
  readonly used: number | null
  readonly budget: number | null
  /** That it is broken by the end, 0 to 1; null until there is a forecast. */
  readonly probability: number | null
  readonly isBroken: boolean
}

/** A limit is close from this part of its budget on, or where it is as likely broken as not. */
const closeShare = 0.7
const closeProbability = 0.5

/** Units close to a limit or beyond it, the closest first. */
export function voltageRisks(units: Iterable<LiveVoltageUnit>): VoltageRisk[] {
  const risks: VoltageRisk[] = []
  for (const unit of units) {
    const [nearest] = limitsOf(unit).toSorted(byCloseness)
    if (nearest && isClose(nearest)) risks.push(nearest)
  }
  return risks.toSorted((one, other) => byCloseness(one, other) || one.unitId.localeCompare(other.unitId))
}

/** How many official measurements run. */
export function measurementCount(units: Iterable<LiveVoltageUnit>): number {
  let count = 0
  for (const { measurement } of units) if (measurement) count += 1
  return count
}

function limitsOf({ unitId, feederId, measurement }: LiveVoltageUnit): VoltageRisk[] {
  if (!measurement) return []
  const { forecast, drpViolated, drcViolated } = measurement
  const risk = (limit: VoltageRisk['limit'], isBroken: boolean, figures = forecast?.drp): VoltageRisk => ({
    ...{ unitId, feederId, limit },
    ...{ used: figures?.used ?? null, budget: figures?.budget ?? null },
    probability: figures?.probability ?? null,
    isBroken: isBroken || (figures?.brokenAt ?? null) !== null,
  })
  return [risk('DRP', drpViolated), risk('DRC', drcViolated, forecast?.drc)]
}

const usedShare = ({ used, budget }: VoltageRisk): number =>
  used === null || budget === null ? 0 : budget > 0 ? used / budget : used > 0 ? Infinity : 0

const isClose = (risk: VoltageRisk): boolean =>
  risk.isBroken || usedShare(risk) >= closeShare || (risk.probability ?? 0) >= closeProbability

const byCloseness = (one: VoltageRisk, other: VoltageRisk): number =>
  Number(other.isBroken) - Number(one.isBroken) ||
  (other.probability ?? 0) - (one.probability ?? 0) ||
  compare(usedShare(other), usedShare(one))

const compare = (one: number, other: number): number => (one === other ? 0 : one - other)
