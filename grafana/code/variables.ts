import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  ConstantVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { postgresql } from './data-sources.ts'
import { tidy } from './queries.ts'
import { both, type BothLanguages } from './words.ts'

export type Variable = Builder<VariableModel>

/** What a variable offers. */
export interface Choice {
  readonly name: string
  readonly label: BothLanguages
  /** SQL with the columns `__text` and `__value`, in the order in which they are offered. */
  readonly query: string
  /** Several may be chosen, all to begin with; one alone unless given. */
  readonly several?: boolean
}

/** A variable whose values are queried, anew when the dashboard is opened. */
export function chosenFrom({ name, label, query, several = false }: Choice): Variable {
  const variable = new QueryVariableBuilder(name)
    .label(label.pt)
    .datasource(postgresql)
    .query(neverEmpty(tidy(query)))
    .refresh(VariableRefresh.OnDashboardLoad)
    .multi(several)
    .includeAll(several)
  return several ? variable.current({ selected: true, text: ['All'], value: ['$__all'] }) : variable
}

/**
 * Of nothing Grafana would make `in ()`, which is no SQL. So a system that has nothing to choose from offers a dash, which nothing
 * is called.
 */
const neverEmpty = (query: string): string => `with choice as (
${query}
)
select __text, __value from choice
union all select '–', '' where not exists (select from choice)`

/** Feeders: one, or several of them. */
export const feeder = (several = false): Variable =>
  chosenFrom({
    name: 'feeder',
    label: both('Alimentador', 'Feeder'),
    query: "select feeder_id as __value, concat_ws(' · ', feeder_id, name) as __text from feeder order by feeder_id",
    several,
  })

/** A feeder that has devices: the busbar above them has none. */
export const feederWithDevices: Variable = chosenFrom({
  name: 'feeder',
  label: both('Alimentador', 'Feeder'),
  query: `
    select feeder_id as __value, concat_ws(' · ', feeder_id, name) as __text from feeder f
    where exists (select from device d where d.feeder_id = f.feeder_id) order by feeder_id`,
})

/** Sites of the chosen feeders. */
export const siteOfFeeder: Variable = chosenFrom({
  name: 'site',
  label: both('Local', 'Site'),
  query: `
    select site_id as __value, concat_ws(' · ', site_id, name) as __text from site
    where feeder_id in (\${feeder:sqlstring}) order by site_id`,
})

/** Devices of the chosen feeders, meters first. */
export const deviceOfFeeder: Variable = chosenFrom({
  name: 'device',
  label: both('Dispositivo', 'Device'),
  query: `
    select device_id as __value, device_id as __text from device
    where feeder_id in (\${feeder:sqlstring}) order by (kind = 'meter') desc nulls last, device_id`,
})

/** Conjuntos of consumer units, that continuity is reported by. */
export const conjunto = (several = false): Variable =>
  chosenFrom({
    name: 'conjunto',
    label: both('Conjunto', 'Conjunto (group of units)'),
    query:
      "select conjunto_id as __value, concat_ws(' · ', conjunto_id, name) as __text from conjunto order by conjunto_id",
    several,
  })

/** IANA zone of civil days in SQL: `TIME_ZONE` when the dashboards are made. */
export const zone = '${zone:sqlstring}'

export const zoneOfDays = (name: string): Variable => new ConstantVariableBuilder('zone').label('Zone').value(name)

/** Where the console stands, for links to it: `PUBLIC_URL` when the dashboards are made. */
export const consoleAt = (address: string): Variable =>
  new ConstantVariableBuilder('console').label('Console').value(address)
