import type { ConjuntoMonth, Collective } from '../domain/collective.ts'
import type { CompensatedIndicator, ContinuityCompensation } from '../domain/compensation.ts'
import type { UnitMonth } from '../domain/individual.ts'
import type { ApprovalEffect } from '../../../platform/approval/approval.ts'
import { canonicalJson } from '../../../platform/storage/canonical-json.ts'

/** A unit's month, as far as its change is of interest. */
export type JudgedMonth = UnitMonth & {
  readonly month: string
  readonly compensation: ContinuityCompensation | null
  /** Why what is due cannot be said; null: it can. */
  readonly pending: string | null
}

export type JudgedConjunto = ConjuntoMonth & { readonly collective: Collective | null }

const mostUnits = 10
const mostConjuntos = 200
const hourMs = 3_600_000
const indicators: readonly CompensatedIndicator[] = ['DIC', 'FIC', 'DMIC', 'DICRI', 'DISE']

interface UnitChange {
  readonly unitId: string
  readonly month: string
  /** R$; null: cannot be said. */
  readonly beforeBrl: number | null
  readonly afterBrl: number | null
  readonly before: ShownMonth
  readonly after: ShownMonth
}

interface ShownMonth {
  readonly dicH: number
  readonly fic: number
  readonly dmicH: number
  readonly dicriH: readonly number[]
  readonly diseH: readonly number[]
}

interface ConjuntoChange {
  readonly conjuntoId: string
  readonly month: string
  readonly decHundredths: number | null
  readonly fecHundredths: number | null
  readonly decDeltaHundredths: number | null
  readonly fecDeltaHundredths: number | null
}

/** What is due to a unit, R$; null where that cannot be said. */
export const dueBrl = ({ compensation, pending }: Pick<JudgedMonth, 'compensation' | 'pending'>): number | null =>
  compensation ? compensation.amountBrl : pending === null ? 0 : null

/** Sums up what changes of units and conjuntos come to. As many units as come are held: the ten greatest, and sums. */
export class ChangeSum {
  #cents = 0
  #units = new Set<string>()
  #months = new Set<string>()
  #pending = new Map<string, number>()
  #byIndicator = new Map<CompensatedIndicator, number>()
  #greatest: UnitChange[] = []
  #conjuntos: ConjuntoChange[] = []

  /** A unit's month without and with what is proposed. */
  addUnit(before: JudgedMonth, after: JudgedMonth): void {
    if (!differs(before, after)) return
    const [beforeBrl, afterBrl] = [dueBrl(before), dueBrl(after)]
    this.#units.add(after.unitId)
    this.#months.add(after.month)
    if (beforeBrl === null || afterBrl === null) {
      const why = (afterBrl === null ? after.pending : before.pending) ?? 'not said'
      this.#pending.set(why, (this.#pending.get(why) ?? 0) + 1)
    } else this.#cents += Math.round(afterBrl * 100) - Math.round(beforeBrl * 100)
    for (const indicator of indicators) {
      const delta = paidFor(after, indicator) - paidFor(before, indicator)
      if (delta !== 0) this.#byIndicator.set(indicator, (this.#byIndicator.get(indicator) ?? 0) + delta)
    }
    const { unitId, month } = after
    this.#rank({ unitId, month, beforeBrl, afterBrl, before: shown(before), after: shown(after) })
  }

  /** A conjunto's month without and with what is proposed. */
  addConjunto(before: JudgedConjunto, after: JudgedConjunto): void {
    const [was, is] = [before.collective, after.collective]
    if (was?.decHundredths === is?.decHundredths && was?.fecHundredths === is?.fecHundredths) return
    this.#conjuntos.push({
      ...{ conjuntoId: after.conjuntoId, month: after.month },
      ...{ decHundredths: is?.decHundredths ?? null, fecHundredths: is?.fecHundredths ?? null },
      decDeltaHundredths: was && is ? is.decHundredths - was.decHundredths : null,
      fecDeltaHundredths: was && is ? is.fecHundredths - was.fecHundredths : null,
    })
  }

  /** ΔR$ over all units of which it can be said, and what it is made of. */
  effect(): ApprovalEffect {
    const without = [...this.#pending.values()].reduce((sum, units) => sum + units, 0)
    const nothingSaid = without > 0 && without === this.#units.size
    return {
      deltaBrl: nothingSaid ? null : this.#cents / 100,
      ...(nothingSaid && { notComputable: `of no unit it can be said what is due: ${[...this.#pending.keys()][0]}` }),
      units: this.#units.size,
      months: [...this.#months].toSorted(),
      /** Units and months that `deltaBrl` leaves out, by what is missing. */
      withoutAmount: { count: without, reasons: Object.fromEntries([...this.#pending].slice(0, mostUnits)) },
      byIndicatorBrl: Object.fromEntries(
        indicators.flatMap((indicator) => {
          const delta = this.#byIndicator.get(indicator)
          return delta === undefined ? [] : [[indicator, Math.round(delta * 1e6) / 1e6]]
        }),
      ),
      greatestUnits: this.#greatest.map(({ before, after, ...change }) => ({
        ...change,
        deltaBrl: deltaOf(change),
        before,
        after,
      })),
      conjuntos: this.#conjuntos.toSorted((one, other) => sizeOf(other) - sizeOf(one)).slice(0, mostConjuntos),
    }
  }

  #rank(change: UnitChange): void {
    const last = this.#greatest.at(-1)
    if (this.#greatest.length === mostUnits && last && magnitude(last) >= magnitude(change)) return
    this.#greatest.push(change)
    this.#greatest.sort((one, other) => magnitude(other) - magnitude(one))
    this.#greatest.length = Math.min(this.#greatest.length, mostUnits)
  }
}

const deltaOf = ({ beforeBrl, afterBrl }: Pick<UnitChange, 'beforeBrl' | 'afterBrl'>): number | null =>
  beforeBrl === null || afterBrl === null ? null : (Math.round(afterBrl * 100) - Math.round(beforeBrl * 100)) / 100

const magnitude = (change: UnitChange): number => Math.abs(deltaOf(change) ?? 0)

const sizeOf = ({ decDeltaHundredths }: ConjuntoChange): number => Math.abs(decDeltaHundredths ?? 0)

const paidFor = ({ compensation }: JudgedMonth, indicator: CompensatedIndicator): number =>
  (compensation?.items ?? []).reduce(
    (sum, item) => sum + (item.paid && item.indicator === indicator ? item.money.exactBrl : 0),
    0,
  )

function differs(before: JudgedMonth, after: JudgedMonth): boolean {
  const figures = ({ dicMs, fic, dmicMs, dicri, dise, parcels, pending }: JudgedMonth) =>
    canonicalJson([dicMs, fic, dmicMs, dicri, dise, parcels, pending])
  return dueBrl(before) !== dueBrl(after) || figures(before) !== figures(after)
}

const hours = (ms: number): number => Math.round((ms / hourMs) * 1e6) / 1e6

const shown = ({ dicMs, fic, dmicMs, dicri, dise }: JudgedMonth): ShownMonth => ({
  ...{ dicH: hours(dicMs), fic, dmicH: hours(dmicMs) },
  dicriH: dicri.map(({ ms }) => hours(ms)),
  diseH: dise.map(({ ms }) => hours(ms)),
})
