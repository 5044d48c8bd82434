import { referenceVoltage } from '../../../platform/network/reference-voltage.ts'
import { voltageClassOf } from '../../../platform/regulation/voltage-class.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { individualLimitsOf, type EnteredLimits, type EnteredRow } from '../domain/individual-limits.ts'
import type { Area } from '../domain/limit-tables.ts'
import type { UnitBasis } from '../domain/due.ts'

/** Which units are asked for: all unless said; both: those that are of both. */
export interface UnitScope {
  readonly unitIds?: readonly string[] | undefined
  readonly conjuntoIds?: readonly string[] | undefined
}

/**
 * The basis of many units at once, by unit.
 * @param month  `YYYY-MM`
 * @param base   `of-month`: what is due goes by the monetary base of the month itself. `newest`: where that is not known yet, as
 *   while an outage lasts, the newest one before it stands in for it
 */
export async function compensationBases(
  queries: Queries,
  month: string,
  { unitIds, conjuntoIds }: UnitScope = {},
  base: 'of-month' | 'newest' = 'of-month',
): Promise<Map<string, UnitBasis>> {
  const entered = await enteredRows(queries, month)
  const rows = await unitRows(queries, month, { unitIds, conjuntoIds }, base)
  const limitsOf = remembered(month, entered)
  return new Map(
    rows.map((row) => {
      const limits = limitsOf(row)
      return [row.unitId, basisOf(row, limits, month)]
    }),
  )
}

type Limits = ReturnType<typeof individualLimitsOf>

function basisOf({ unitId, conjuntoId, area, referenceV, vrcBrl }: UnitRow, limits: Limits, month: string): UnitBasis {
  const missing = 'missing' in limits
  const noBase = vrcBrl === null ? `the monetary base of ${unitId} for ${month} is not known` : null
  return {
    ...{ unitId, conjuntoId, area, vrcBrl, voltageClass: voltageClassOf(referenceV) },
    limits: missing ? null : limits,
    pending: missing ? limits.missing : noBase,
  }
}

/** Limits that a unit has by its class, area and conjunto are worked out once for all of them. */
function remembered(month: string, entered: readonly EnteredRow[]): (row: UnitRow) => Limits {
  const known = new Map<string, Limits>()
  return ({ referenceV, area, conjuntoId, decHundredths, fecHundredths, ...row }) => {
    const voltageClass = voltageClassOf(referenceV)
    const own = ownLimits(row)
    const conjuntoLimit = decHundredths === null ? null : { decHundredths, fecHundredths: fecHundredths! }
    const facts = { month, voltageClass, area, conjuntoId, conjuntoLimit, own }
    if (own) return individualLimitsOf(facts, entered)
    const key = JSON.stringify([voltageClass, area, conjuntoId])
    const limits = known.get(key) ?? individualLimitsOf(facts, entered)
    known.set(key, limits)
    return limits
  }
}

interface OwnRow {
  readonly dicH: number | null
  readonly fic: number | null
  readonly dmicH: number | null
  readonly dicriH: number | null
  readonly diseH: number | null
  readonly source: string | null
}

const ownLimits = ({ dicH, fic, dmicH, dicriH, diseH, source }: OwnRow): EnteredLimits | null =>
  source === null ? null : { dicH: dicH!, fic: fic!, dmicH: dmicH!, dicriH, diseH, source }

interface UnitRow extends OwnRow {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly area: Area | null
  readonly referenceV: number
  readonly decHundredths: number | null
  readonly fecHundredths: number | null
  readonly vrcBrl: number | null
}

const unitRows = (
  queries: Queries,
  month: string,
  { unitIds, conjuntoIds }: UnitScope,
  base: 'of-month' | 'newest',
): Promise<UnitRow[]> =>
  queries.query(
    `select u.unit_id as "unitId", u.conjunto_id as "conjuntoId", u.area, ${referenceVoltage} as "referenceV",
       c.dec_hundredths as "decHundredths", c.fec_hundredths as "fecHundredths", b.vrc_brl as "vrcBrl",
       l.dic_h as "dicH", l.fic, l.dmic_h as "dmicH", l.dicri_h as "dicriH", l.dise_h as "diseH", l.source
     from consumer_unit u
       left join conjunto_limit c on c.conjunto_id = u.conjunto_id and c.year = extract(year from $1::date)
       left join lateral (select * from unit_continuity_limit l where l.unit_id = u.unit_id and l.from_month <= $1::date
         order by l.from_month desc limit 1) l on true
       left join lateral (select b.vrc_brl from unit_monetary_base b where b.unit_id = u.unit_id
         and b.month <= $1::date and (b.month = $1::date or $4) order by b.month desc limit 1) b on true
     where ($2::text[] is null or u.unit_id = any ($2)) and ($3::text[] is null or u.conjunto_id = any ($3))`,
    [`${month}-01`, unitIds ?? null, conjuntoIds ?? null, base === 'newest'],
  )

const enteredRows = (queries: Queries, month: string): Promise<EnteredRow[]> =>
  queries.query(
    `select voltage_class as "voltageClass", area, up_to_hundredths as "upToHundredths", to_char(from_month, 'YYYY-MM') as "fromMonth",
       dic_h as "dicH", fic, dmic_h as "dmicH", dicri_h as "dicriH", dise_h as "diseH", source
     from individual_limit_row where from_month <= $1::date`,
    [`${month}-01`],
  )
