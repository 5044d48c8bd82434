import type { Rule } from '@grafana/grafana-foundation-sdk/alerting'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { alertRules, type AlertRule } from './alert-rules.ts'
import { dashboardNames } from './dashboard-names.ts'

/** Where Grafana reads them. */
export const alertFile = join(import.meta.dirname, '../../../grafana/provisioning/alerting/linha-viva.yaml')

/** Folder of the dashboards, which Grafana shows the rules in, too. */
export const folder = 'Linha Viva'

/** A rule as Grafana's file has it: the group says where it stands. */
export type ProvisionedRule = Omit<Rule, 'folderUID' | 'ruleGroup' | 'orgID'>

/** What is done in Grafana itself: it goes by this name in 9.4 and in later releases. */
const expressions = '__expr__'

/** The rule as Grafana takes it: the query, and what of its answer is a fault. */
function provisionedRule(rule: AlertRule): ProvisionedRule {
  const { uid, title, summary, severity, above, unit, lasting, looksBackS, unanswered } = rule
  const query = rule.query.withLetter('A').build()
  const relativeTimeRange = { from: looksBackS, to: 0 }
  const isSeries = 'query' in query
  const expression = (refId: string, model: object) => ({
    ...{ refId, relativeTimeRange, datasourceUid: expressions },
    model: { refId, datasource: { type: expressions, uid: expressions }, ...model },
  })
  const data = [
    { refId: 'A', relativeTimeRange, datasourceUid: query.datasource.uid!, model: query },
    // Rows are numbers already; of a series the newest value counts.
    ...(isSeries ? [expression('B', { type: 'reduce', reducer: 'last', expression: 'A' })] : []),
    expression('C', { type: 'math', expression: `${isSeries ? '$B' : '$A'} > ${above}` }),
  ]
  return {
    ...{ uid, title: title.pt, condition: 'C', for: lasting, data: data as unknown as Rule['data'] },
    // A table always answers; a system without meters has no series.
    noDataState: isSeries ? 'OK' : 'NoData',
    execErrState: unanswered,
    annotations: {
      summary: summary.pt,
      ...{ summary_en: summary.en, unit },
    },
    labels: { system: 'linha-viva', severity },
    isPaused: false,
  }
}

/** The file of all rules. Grafana puts its environment in where it finds `$`: twice, it stands for itself. */
export function alertText(): string {
  const rules = alertRules.map(provisionedRule)
  const groups = [{ orgId: 1, name: dashboardNames['platform-health'].pt, folder, interval: '1m', rules }]
  const text = stringify({ apiVersion: 1, groups }, { lineWidth: 0, aliasDuplicateObjects: false }).replaceAll(
    '$',
    '$$$$',
  )
  return `# Made by \`npm run grafana\` from grafana/code/alert-rules.ts: change it there. A dollar sign stands twice for itself.\n${text}`
}

/** What Grafana makes of the file's "$$". */
export const unescaped = (text: string): string => text.replaceAll('$$', '$')
