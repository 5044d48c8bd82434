import { floodRule } from '../../nodes/alarms/domain/kpis/floods.ts'
import { targets, type FigureName } from '../../nodes/alarms/domain/kpis/key-figures.ts'
import { colours, type Step } from './thresholds.ts'

/**
 * Alarms that an operator was told of, of what is chosen, in the span: `o` is the occurrence, `a` its alarm. Docs: alarm-kpis.md
 * says what counts.
 */
export const told = `from alarm_occurrence_report o join alarm a using (alarm_id)
    where o.annunciated and $__timeFilter(o.at) and a.area in (\${area:sqlstring}) and coalesce(a.feeder_id, '') in (\${feeder:sqlstring})`

/** The same with what was hidden when it came. */
export const came = told.replace('o.annunciated and ', '')

/** Length of the span in minutes. */
const spanMinutes = `(extract(epoch from $__timeTo()::timestamptz - $__timeFrom()::timestamptz) / 60)`
export const spanDays = `(${spanMinutes} / 1440)`
export const spanTenMinutes = `(${spanMinutes} / 10)`

/** Beside any value that stands there: the next one that counts as more. */
const justAbove = (value: number): number => value + 1e-6

/** Colours of a key figure by its targets: green up to `good`, yellow up to `most`, red beyond; turned round where less is worse. */
export function figureSteps(name: FigureName): { readonly steps: readonly Step[]; readonly below: string } {
  const { good, most, sense } = targets[name]
  if (sense === 'atLeast') return { steps: [{ from: good, colour: colours.good }], below: colours.near }
  const from = (bound: number): number => (sense === 'upTo' ? justAbove(bound) : bound)
  const steps = [
    ...(most > good ? [{ from: from(good), colour: colours.near }] : []),
    { from: from(most), colour: colours.beyond },
  ]
  return { steps, below: colours.good }
}

/**
 * Share of the span that lies in floods, percent, as `floods` of the alarms area counts it: how many alarms came in ten minutes
 * changes only where one comes or leaves them; between the two bounds a flood goes on, or none begins; it counts from the first
 * minute of those that made it one. What came before the span is not looked at.
 */
export const floodShare = `
  with minute as (
    select date_trunc('minute', o.at) as at, count(*) as alarms ${told} group by 1
  ), step as (
    select at, sum(change) as change from (
      select at + interval '1 minute' as at, alarms as change from minute
      union all select at + interval '${floodRule.windowMinutes + 1} minutes', -alarms from minute
    ) both_ends where at <= $__timeTo()::timestamptz group by at
  ), course as (
    select at, sum(change) over (order by at) as alarms from step
  ), judged as (
    select at, alarms, count(*) filter (where alarms >= ${floodRule.beginsAt} or alarms < ${floodRule.endsBelow}) over (order by at) as bound from course
  ), state as (
    select at, first_value(alarms) over (partition by bound order by at) >= ${floodRule.beginsAt} as flood from judged
  ), turn as (
    select at, flood, lag(flood, 1, false) over (order by at) as before from state
  ), stretch as (
    select at, flood, lag(at) over (order by at) as ended, lead(at, 1, $__timeTo()::timestamptz) over (order by at) as until
    from turn where flood <> before
  )
  select coalesce(100 * sum(extract(epoch from until - (
      select min(m.at) from minute m where m.at > s.at - interval '${floodRule.windowMinutes + 1} minutes' and m.at >= coalesce(s.ended, '-infinity')
    ))), 0) / (${spanMinutes} * 60) as "Em avalanche"
  from stretch s where flood`

/** Activations of each alarm that were the third one of a minute or a later one: `alarm_id`, `times`. */
export const chatter = `
    select alarm_id, count(*) as times from (
      select o.alarm_id, o.at - lag(o.at, 2) over (partition by o.alarm_id order by o.at) as within ${told} and o.why = 'activated'
    ) third where within <= interval '1 minute' group by alarm_id`

export const priorityWords = { low: 'baixa', medium: 'média', high: 'alta', critical: 'crítica' } as const
/** The priority of a column as the reader sees it. */
export const priorityWord = (column: string): string =>
  `case ${column} ${Object.entries(priorityWords)
    .map(([priority, word]) => `when '${priority}' then '${word}'`)
    .join(' ')} end`
