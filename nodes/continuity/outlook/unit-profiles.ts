import type { RegulationChoices } from '../../../platform/regulation/options.ts'
import { voltageClassOf, type VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { hasCompensationRule } from '../domain/compensation-rules.ts'
import { compensationTermsOf, type CompensationTerms, type MonthIndicators } from '../domain/compensation.ts'
import { individualLimitsOf, type EnteredRow, type IndividualLimits } from '../domain/individual-limits.ts'
import { nothing } from '../domain/outlook.ts'
import { priorityServices, type PriorityService } from '../domain/restoration-policy.ts'
import type { ConjuntoRow, MonthRow, ProfileRow } from './profile-repository.ts'

/** What profiles are made with. */
export interface ProfileBasis {
  /** The month that limits and monetary bases are those of, `YYYY-MM`. */
  readonly month: string
  readonly conjuntos: readonly ConjuntoRow[]
  readonly entered: readonly EnteredRow[]
  readonly choices: RegulationChoices
  /** Units that decide from how many customer-hours on an event is a situation of emergency; 0: not known. */
  readonly distributorUnits: number
  /** Change of indicators up to which months are in it. */
  readonly indicatorChange: number
}

/**
 * What is known of all units before an outage, so that nothing has to be read when a hundred thousand of them are out at once. Some
 * fifty bytes a unit, and the name. Units are known by their number here.
 */
export class UnitProfiles {
  readonly basis: ProfileBasis
  #numbers = new Map<string, number>()
  #unitIds: string[] = []
  #referenceV: Float64Array
  #vrcBrl: Float64Array
  #limits: Int32Array
  #conjuntos: Int32Array
  #services: Uint8Array
  /** Distinct limits; few, as most are of a conjunto. */
  #known: IndividualLimits[] = []
  #limitNumbers = new Map<string, number>()
  #conjuntoNumbers: ReadonlyMap<string, number>
  #before = new Map<string, Map<number, MonthIndicators>>()

  /** @param most  units that there is room for */
  constructor(basis: ProfileBasis, most: number) {
    this.basis = basis
    this.#referenceV = new Float64Array(most)
    this.#vrcBrl = new Float64Array(most)
    this.#limits = new Int32Array(most)
    this.#conjuntos = new Int32Array(most)
    this.#services = new Uint8Array(most)
    this.#conjuntoNumbers = new Map(basis.conjuntos.map(({ conjuntoId }, number) => [conjuntoId, number]))
  }

  get size(): number {
    return this.#unitIds.length
  }

  get isFull(): boolean {
    return this.size === this.#limits.length
  }

  /** @returns false where there is no room for it */
  add(row: ProfileRow): boolean {
    if (this.isFull) return false
    const number = this.size
    this.#numbers.set(row.unitId, number)
    this.#unitIds.push(row.unitId)
    this.#referenceV[number] = row.referenceV
    this.#vrcBrl[number] = row.vrcBrl ?? NaN
    this.#conjuntos[number] = this.#conjuntoNumbers.get(row.conjuntoId ?? '') ?? -1
    this.#services[number] = row.service === null ? 0 : priorityServices.indexOf(row.service) + 1
    this.#limits[number] = this.#limitNumber(row)
    return true
  }

  numberOf(unitId: string): number | undefined {
    return this.#numbers.get(unitId)
  }

  unitIdOf(number: number): string {
    return this.#unitIds[number]!
  }

  /** Number of its conjunto among those of the basis; -1: none. */
  conjuntoOf(number: number): number {
    return this.#conjuntos[number]!
  }

  serviceOf(number: number): PriorityService | undefined {
    return priorityServices[this.#services[number]! - 1]
  }

  classOf(number: number): VoltageClass {
    return voltageClassOf(this.#referenceV[number]!)
  }

  limitsOf(number: number): IndividualLimits | null {
    return this.#known[this.#limits[number]!] ?? null
  }

  vrcOf(number: number): number | null {
    const vrcBrl = this.#vrcBrl[number]!
    return Number.isNaN(vrcBrl) ? null : vrcBrl
  }

  /** What passing its limits costs in a month; null where limits, the monetary base or a rule for the month are not known. */
  termsOf(number: number, month: string): CompensationTerms | null {
    const limits = this.limitsOf(number)
    const vrcBrl = this.vrcOf(number)
    if (!limits || vrcBrl === null || !hasCompensationRule(month)) return null
    return compensationTermsOf({
      ...{ month, limits, vrcBrl },
      ...{ voltageClass: this.classOf(number), choices: this.basis.choices },
    })
  }

  /** What a month had come to before any outage that lasts. */
  beforeOf(number: number, month: string): MonthIndicators {
    return this.#before.get(month)?.get(number) ?? nothing
  }

  setBefore(unitId: string, month: string, before: MonthIndicators): void {
    const number = this.#numbers.get(unitId)
    if (number === undefined) return
    const ofMonth = this.#before.get(month) ?? new Map<number, MonthIndicators>()
    this.#before.set(month, ofMonth)
    const { dicMs, fic, dmicMs, dicri, dise } = before
    ofMonth.set(number, { dicMs, fic, dmicMs, dicri: shared(dicri), dise: shared(dise) })
  }

  takeMonths(rows: readonly MonthRow[]): void {
    for (const row of rows) this.setBefore(row.unitId, row.month, row)
  }

  /** Takes over what was known of a unit that is out: of its stored month that cannot be read. */
  takeOver(unitId: string, from: UnitProfiles): void {
    const number = from.numberOf(unitId)
    if (number === undefined) return
    for (const [month, ofMonth] of from.#before) {
      const before = ofMonth.get(number)
      if (before) this.setBefore(unitId, month, before)
    }
  }

  #limitNumber({ conjuntoId, area, referenceV, own }: ProfileRow): number {
    const voltageClass = voltageClassOf(referenceV)
    const key = own ? `own ${JSON.stringify(own)} ${voltageClass} ${area}` : `${voltageClass} ${area} ${conjuntoId}`
    const known = this.#limitNumbers.get(key)
    if (known !== undefined) return known
    const conjunto = this.basis.conjuntos[this.#conjuntoNumbers.get(conjuntoId ?? '') ?? -1]
    const { decHundredths = null, fecHundredths = null } = conjunto ?? {}
    const conjuntoLimit = decHundredths === null || fecHundredths === null ? null : { decHundredths, fecHundredths }
    const { month, entered } = this.basis
    const limits = individualLimitsOf({ month, voltageClass, area, conjuntoId, conjuntoLimit, own }, entered)
    const number = 'missing' in limits ? -1 : this.#known.push(limits) - 1
    this.#limitNumbers.set(key, number)
    return number
  }
}

/** Hardly any unit has events in a month: those that have none share that. */
const shared = <T>(events: readonly T[]): readonly T[] => (events.length === 0 ? noEvents : events)
const noEvents: readonly never[] = []
