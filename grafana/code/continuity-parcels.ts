import { comparableParcels } from '../../nodes/continuity/domain/parcels.ts'

const comparable = comparableParcels.map((parcel) => `'${parcel}'`).join(', ')

/**
 * DEC and FEC of the months of the chosen conjuntos as their limit is compared with them (PRODIST Módulo 8, item 186): each parcel
 * brought to hundredths first, as it is published. Columns: conjunto_id, name, month, units, dec (h), fec.
 * @param where  more of `c`, which is `conjunto_continuity`, and `k`, its `conjunto`
 */
export const comparableMonths = (where: string): string => `
  select c.conjunto_id, coalesce(k.name, c.conjunto_id) as name, c.month, c.units,
    (select coalesce(sum(round((value->>'ms')::numeric / 3600000 / c.units, 2)), 0) from jsonb_each(c.parcels) where key in (${comparable})) as dec,
    (select coalesce(sum(round((value->>'count')::numeric / c.units, 2)), 0) from jsonb_each(c.parcels) where key in (${comparable})) as fec
  from conjunto_continuity c join conjunto k using (conjunto_id)
  where c.units > 0 and c.conjunto_id in (\${conjunto:sqlstring}) and ${where}`

/** The civil month and year, of a conjunto's zone, in which what is shown ends. */
const endOf = (unit: 'month' | 'year'): string =>
  `date_trunc('${unit}', $__timeTo()::timestamptz at time zone k.time_zone)::date`

/** The months of the year up to the end of what is shown. */
export const thisYear = `c.month >= ${endOf('year')} and c.month <= ${endOf('month')}`

/**
 * The year of each chosen conjunto so far, against its limits: conjunto_id, name, dec, fec, dec_limit, fec_limit, dec_share,
 * fec_share (of 1).
 */
export const conjuntoYears = `
  select y.conjunto_id, y.name, y.dec, y.fec, l.dec_hundredths / 100.0 as dec_limit, l.fec_hundredths / 100.0 as fec_limit,
    y.dec / nullif(l.dec_hundredths / 100.0, 0) as dec_share, y.fec / nullif(l.fec_hundredths / 100.0, 0) as fec_share
  from (
    select conjunto_id, min(name) as name, extract(year from max(month)) as year, sum(dec) as dec, sum(fec) as fec
    from (${comparableMonths(thisYear)}) m group by conjunto_id
  ) y left join conjunto_limit l on l.conjunto_id = y.conjunto_id and l.year = y.year`
