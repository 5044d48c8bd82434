import type * as alerting from '@grafana/grafana-foundation-sdk/alerting'
import type * as barchart from '@grafana/grafana-foundation-sdk/barchart'
import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import type { TableFieldOptions } from '@grafana/grafana-foundation-sdk/common'
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import type * as expr from '@grafana/grafana-foundation-sdk/expr'
import type * as gauge from '@grafana/grafana-foundation-sdk/gauge'
import type * as geomap from '@grafana/grafana-foundation-sdk/geomap'
import type * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import type * as histogram from '@grafana/grafana-foundation-sdk/histogram'
import type * as piechart from '@grafana/grafana-foundation-sdk/piechart'
import type * as stat from '@grafana/grafana-foundation-sdk/stat'
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import type * as statushistory from '@grafana/grafana-foundation-sdk/statushistory'
import type * as table from '@grafana/grafana-foundation-sdk/table'
import type * as text from '@grafana/grafana-foundation-sdk/text'
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import type { InfluxQuery, SqlQuery } from '../code/queries.ts'

type None = Record<string, never>

/** What the JSON that Grafana reads is held against, as Grafana Labs publishes it: a name each. */
export interface Shapes {
  dashboard: dashboard.Dashboard
  ruleGroup: alerting.RuleGroup
  math: expr.TypeMath
  reduce: expr.TypeReduce
  influxQuery: InfluxQuery
  sqlQuery: SqlQuery
  panels: {
    barchart: { options: barchart.Options; custom: barchart.FieldConfig }
    bargauge: { options: bargauge.Options; custom: None }
    gauge: { options: gauge.Options; custom: None }
    geomap: { options: geomap.Options; custom: None }
    heatmap: { options: heatmap.Options; custom: heatmap.FieldConfig }
    histogram: { options: histogram.Options; custom: histogram.FieldConfig }
    piechart: { options: piechart.Options; custom: piechart.FieldConfig }
    stat: { options: stat.Options; custom: None }
    'state-timeline': { options: statetimeline.Options; custom: statetimeline.FieldConfig }
    'status-history': { options: statushistory.Options; custom: statushistory.FieldConfig }
    table: { options: table.Options; custom: Partial<TableFieldOptions> }
    text: { options: text.Options; custom: None }
    timeseries: { options: timeseries.Options; custom: timeseries.FieldConfig }
  }
}
