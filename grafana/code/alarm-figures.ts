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
 * Share of the span that lies in floods, percent: how many alarms came in ten minutes changes only where one comes or leaves them;
 * a flood begins and ends by what it was last at or beyond. As `floods` of the alarms area counts it, but that what came before the
 * span is not looked at.
 */
export const floodShare = `
  with minute as (
    select date_trunc('minute', o.at) as at, count(*) as alarms ${told} group by 1
  ), step as (
    select at, sum(change) as change from (
      select at + interval '1 minute' as at, alarms as change from minute
      union all select at + interval '${floodRule.windowMinutes + 1} minutes', -alarms from minute
    ) both_ends group by at
  ), course as (
    select at, sum(change) over (order by at) as alarms from step
  ), judged as (
    select at, alarms, sum(case when alarms >= ${floodRule.beginsAt} or alarms < ${floodRule.endsBelow} then 1 else 0 end) over (order by at) as since from course
  ), stretch as (
    select at, coalesce(lead(at) over (order by at), $__timeTo()::timestamptz) as until,
      first_value(alarms) over (partition by since order by at) >= ${floodRule.beginsAt} as flood
    from judged
  )
  select coalesce(100 * sum(extract(epoch from least(until, $__timeTo()::timestamptz) - at)) filter (where flood and at < $__timeTo()::timestamptz), 0)
    / (${spanMinutes} * 60) as "Em avalanche" from stretch`
