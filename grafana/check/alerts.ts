import { parse } from 'yaml'
import { unescaped, type ProvisionedRule } from '../code/alert-files.ts'
import type { DashboardModel, TargetOfModel } from './model.ts'

interface Asked {
  readonly datasourceUid: string
  readonly relativeTimeRange: { readonly from: number }
  readonly model: unknown
}

/**
 * What alert rules ask, as a dashboard with a panel each: so their queries are run as those of panels are.
 * @param text  the file that Grafana reads
 */
export function alertsAsDashboard(text: string): DashboardModel {
  const { groups } = parse(unescaped(text)) as { groups: { rules: ProvisionedRule[] }[] }
  const rules = groups.flatMap((group) => group.rules)
  return {
    ...{ uid: 'alerts', title: 'Alertas', time: { from: 'now-1h', to: 'now' } },
    templating: { list: [] },
    annotations: { list: [] },
    panels: rules.map(({ title, data }, index) => {
      const asked = (data as unknown as Asked[]).filter(({ datasourceUid }) => datasourceUid !== '__expr__')
      return {
        ...{ id: index + 1, type: 'alert', title, gridPos: { w: 24 } },
        looksBack: `${asked[0]!.relativeTimeRange.from}s`,
        targets: asked.map(({ model }) => model as TargetOfModel),
      }
    }),
  }
}
