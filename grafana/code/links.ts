import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard'
import { uidOf, type DashboardName } from './dashboard-names.ts'
import type { BothLanguages } from './words.ts'

/** All dashboards have it: the menu of the others is made by it. */
export const commonTag = 'linha-viva'

/** Pages of the operator's console. */
export type ConsolePage =
  'overview' | 'alarms' | 'commands' | 'feeders' | 'voltage' | 'continuity' | 'solar' | 'system' | 'field'

/** Address of a page of the console; `console` is a variable of each dashboard. */
export const consoleAddress = (page: ConsolePage): string => `\${console}/dashboard/${page}`

/**
 * Address of a dashboard with the time that is looked at.
 * @param chosen  values of its variables, as `{ device: '${__value.text}' }`
 */
export const dashboardAddress = (name: DashboardName, chosen: Readonly<Record<string, string>> = {}): string =>
  `/d/${uidOf(name)}?\${__url_time_range}${Object.entries(chosen)
    .map(([variable, value]) => `&var-${variable}=${value}`)
    .join('')}`

/**
 * The menu of all dashboards, with the time. Not with what is chosen: several feeders, or all, would reach dashboards that show one, and
 * Grafana takes what an address says even where nobody offers it.
 */
export const menuOfDashboards = (): DashboardLinkBuilder =>
  new DashboardLinkBuilder('Linha Viva')
    .type(DashboardLinkType.Dashboards)
    .tags([commonTag])
    .asDropdown(true)
    .includeVars(false)
    .keepTime(true)

/** A link above the dashboard to the page of the console that its matter is handled on. */
export const linkToConsole = (page: ConsolePage, title: BothLanguages): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title.pt)
    .type(DashboardLinkType.Link)
    .icon('external link')
    .url(consoleAddress(page))
    .targetBlank(true)

/** A link of a panel, or of its values. */
export const linkTo = (title: BothLanguages, url: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title.pt).type(DashboardLinkType.Link).url(url)
