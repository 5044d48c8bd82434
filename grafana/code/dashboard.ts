import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  TimePickerBuilder,
  type Dashboard,
  type DashboardLink,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { variables } from '../../platform/runtime/environment-variables.ts'
import type { Annotation } from './annotations.ts'
import { dashboardNames, uidOf, type DashboardName } from './dashboard-names.ts'
import { commonTag, linkToConsole, menuOfDashboards, type ConsolePage } from './links.ts'
import { consoleAt, zoneOfDays, type Variable } from './variables.ts'
import { both, type BothLanguages } from './words.ts'

/** Panels under a heading. */
export interface Section {
  readonly title: BothLanguages
  readonly panels: readonly Builder<Panel>[]
}

/** A dashboard before it is JSON. */
export interface DashboardContent {
  readonly name: DashboardName
  readonly description: BothLanguages
  readonly tags: readonly string[]
  /** How far back it looks when it is opened, as `now-6h`. */
  readonly from: string
  /** How often it asks anew, as `30s`. */
  readonly refresh: string
  /** Page of the console that its matter is handled on. */
  readonly consolePage: ConsolePage
  readonly links?: readonly Builder<DashboardLink>[]
  readonly variables: readonly Variable[]
  readonly annotations: readonly Annotation[]
  readonly sections: readonly Section[]
}

/** Nobody asks more often: each panel is a query, and who looks is many. */
const refreshIntervals = ['30s', '1m', '5m', '15m', '1h']

/** What dashboards are made for. */
export interface Installation {
  /** Where the console stands. */
  readonly consoleUrl: string
  /** IANA zone of civil days. */
  readonly timeZone: string
}

/** As `docker compose up` and `npm start` have it. */
export const usualInstallation: Installation = {
  consoleUrl: 'http://localhost:1880',
  timeZone: variables.TIME_ZONE.default,
}

/** The JSON model of a dashboard. */
export function dashboardOf(
  content: DashboardContent,
  { consoleUrl, timeZone }: Installation = usualInstallation,
): Dashboard {
  const builder = new DashboardBuilder(dashboardNames[content.name].pt)
    .uid(uidOf(content.name))
    .description(content.description.pt)
    .tags([commonTag, ...content.tags])
    .timezone('browser')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: content.from, to: 'now' })
    .refresh(content.refresh)
    .timepicker(new TimePickerBuilder().refreshIntervals(refreshIntervals))
    .variables([...content.variables, consoleAt(consoleUrl.replace(/\/+$/, '')), zoneOfDays(timeZone)])
    .annotations([...content.annotations])
    .links([
      menuOfDashboards(),
      linkToConsole(content.consolePage, both('Abrir no console', 'Open in the console')),
      ...(content.links ?? []),
    ])
  for (const { title, panels } of content.sections) {
    builder.withRow(new RowBuilder(title.pt))
    for (const panel of panels) builder.withPanel(panel)
  }
  return numbered(builder.build())
}

/** Panels go by number in addresses and in the code of Grafana: by their place, so that they stay the same. */
function numbered(dashboard: Dashboard): Dashboard {
  dashboard.panels?.forEach((panel, index) => (panel.id = index + 1))
  return dashboard
}
