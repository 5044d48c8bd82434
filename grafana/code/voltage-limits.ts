import { lowVoltageBands, relativeBands } from '../../nodes/voltage/domain/bands.ts'
import type { Regulated } from '../../platform/regulation/regulated.ts'
import { transgressionRules } from '../../nodes/voltage/domain/transgression.ts'
import { sqlSeries, type PanelQuery } from './queries.ts'
import { colours, type Step } from './thresholds.ts'

/** Names of the lines that bound the bands, in the order of `BandLimits`. */
export const bandLines = ['Crítica abaixo de', 'Adequada a partir de', 'Adequada até', 'Crítica acima de'] as const

/** The rule in force: the last one that has not ended. */
const inForce = <T>(rules: readonly Regulated<T>[]): T =>
  rules
    .filter(({ validTo }) => validTo === undefined)
    .toSorted((one, other) => (one.validFrom < other.validFrom ? 1 : -1))[0]!.value

/** What DRP and DRC are judged by: limits in percent, and the windows of a measurement. */
export const transgression = inForce(transgressionRules)

/** Steps of DRP: yellow from half the limit on, red beyond it. */
export const drpSteps: readonly Step[] = stepsOf(transgression.drpLimitPct, transgression.windows)
/** The same of DRC. */
export const drcSteps: readonly Step[] = stepsOf(transgression.drcLimitPct, transgression.windows)

/** Steps of an indicator by its limit and by how many windows a measurement has: yellow from half the limit on, red beyond it. */
export function stepsOf(limitPct: number, windows: number): readonly Step[] {
  // At the limit nothing is violated yet: the smallest share that a measurement can show more is one window.
  const beyond = (100 * (Math.floor((limitPct * windows) / 100 + 1e-9) + 1)) / windows
  return [
    { from: limitPct / 2, colour: colours.near },
    { from: Math.round(beyond * 1_000) / 1_000, colour: colours.beyond },
  ]
}

/** Rule tables of the bands. */
interface BandTables {
  readonly lowVoltage: typeof lowVoltageBands
  readonly relative: typeof relativeBands
}

const bandTables: BandTables = { lowVoltage: lowVoltageBands, relative: relativeBands }

/** Rows of the rule tables as SQL: since when and until when, for which reference voltage, bounds in volts or as fractions of it. */
const boundRows = ({ lowVoltage, relative }: BandTables): string[] => [
  ...lowVoltage.flatMap(({ value, ...rule }) =>
    Object.entries(value).map(([nominal, limits]) =>
      row(rule, `${nominal}, true, false`, [
        limits.criticalLow,
        limits.adequateLow,
        limits.adequateHigh,
        limits.criticalHigh,
      ]),
    ),
  ),
  ...relative.flatMap(({ value, ...rule }) =>
    value.map(({ fromV, above = false, limits }) =>
      row(rule, `${fromV}, false, ${above}`, [
        limits.criticalLow,
        limits.adequateLow,
        limits.adequateHigh,
        limits.criticalHigh,
      ]),
    ),
  ),
]

const row = (
  { validFrom, validTo }: Omit<Regulated<unknown>, 'value'>,
  voltage: string,
  limits: readonly number[],
): string =>
  `('${validFrom}'::date, ${validTo === undefined ? 'null' : `'${validTo}'`}::date, ${voltage}, ${limits.join(', ')})`

/** Bounds of the bands for the reference voltage of the chosen device, at both ends of the time that is shown; none where none is known. */
export const bandLimitsOfDevice = (tables: BandTables = bandTables): PanelQuery =>
  sqlSeries(`
with bounds (valid_from, valid_to, from_v, exact, above, critical_low, adequate_low, adequate_high, critical_high) as (
  values ${boundRows(tables).join(',\n    ')}
), reference as (
  select coalesce(m.reference_v, d.nominal_voltage_v) as volts
  from device d left join meter_report m on m.device_key = d.device_key and m.validity @> $__timeTo()::timestamptz
  where d.device_id in (\${device:sqlstring})
  limit 1
), ends (at) as (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz))
select at as time, factor * critical_low as "${bandLines[0]}", factor * adequate_low as "${bandLines[1]}",
  factor * adequate_high as "${bandLines[2]}", factor * critical_high as "${bandLines[3]}"
from ends cross join reference cross join lateral (
  select b.*, case when exact then 1 else volts end as factor from bounds b
  where valid_from <= at::date and (valid_to is null or at::date <= valid_to)
    and case when exact then volts = from_v when above then volts > from_v else volts >= from_v end
  order by from_v desc limit 1
) bound
order by at`)
