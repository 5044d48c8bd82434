import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphTresholdsStyleMode,
  StackingConfigBuilder,
  StackingMode,
} from '@grafana/grafana-foundation-sdk/common'
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import { lines, type PanelContent } from './panels.ts'

/** Counts of stretches of time: a bar each, what is counted apart above each other. */
export const barsOverTime = (content: PanelContent): timeseries.PanelBuilder =>
  lines(content)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))

/** The thresholds of a chart as lines across it, where they are constants of a rule. */
export const withThresholdLines = (panel: timeseries.PanelBuilder): timeseries.PanelBuilder =>
  panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphTresholdsStyleMode.Line))
