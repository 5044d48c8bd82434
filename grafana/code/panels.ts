import * as barchart from '@grafana/grafana-foundation-sdk/barchart'
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { FieldColorBuilder, FieldColorModeId, MappingType } from '@grafana/grafana-foundation-sdk/dashboard'
import type {
  DashboardLink,
  DataSourceRef,
  DataTransformerConfig,
  DynamicConfigValue,
  Panel,
  ThresholdsConfig,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import * as gauge from '@grafana/grafana-foundation-sdk/gauge'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import type { PanelQuery } from './queries.ts'
import { colours, thresholdsOf } from './thresholds.ts'
import type { BothLanguages } from './words.ts'

/** What each panel says of itself: none stands without title, description, unit and query. */
export interface PanelContent {
  readonly title: BothLanguages
  /** What is shown, from where, and what to make of it. */
  readonly description: BothLanguages
  /** As Grafana names it: a constant of the library's `units`; `NoUnit` for counts and for tables whose columns say theirs. */
  readonly unit: string
  readonly queries: readonly PanelQuery[]
  /** Columns of 24. */
  readonly width?: number
  /** Rows of 30 pixels. */
  readonly height?: number
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  readonly thresholds?: Builder<ThresholdsConfig>
  readonly mappings?: readonly ValueMapping[]
  /** How single columns or series differ, by the name that they have in the result. */
  readonly columns?: Readonly<Record<string, readonly DynamicConfigValue[]>>
  readonly transformations?: readonly DataTransformerConfig[]
  readonly links?: readonly Builder<DashboardLink>[]
  /** Links that each value offers. */
  readonly valueLinks?: readonly Builder<DashboardLink>[]
  /** A point stands for so long at least, as `1m`. */
  readonly interval?: string
  /** It looks back so long and no longer, whatever the dashboard does: `6h` for what reads single readings. */
  readonly timeFrom?: string
}

/** For `columns`: the unit of one, and to how many decimals it is written; as many as Grafana finds fit unless given. */
export const inUnit = (unit: string, decimals?: number): DynamicConfigValue[] => [
  { id: 'unit', value: unit },
  ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
]

/** For `columns`: one that is true or false. */
export const yesOrNo: DynamicConfigValue[] = [
  {
    id: 'mappings',
    value: [
      {
        type: MappingType.ValueToText,
        options: { true: { text: 'sim', index: 0 }, false: { text: 'não', index: 1 } },
      } satisfies ValueMapping,
    ],
  },
]

/** What the builders of all kinds of panel have in common. */
interface PanelBuilder extends Builder<Panel> {
  title(text: string): unknown
  description(text: string): unknown
  unit(name: string): unknown
  span(columns: number): unknown
  height(rows: number): unknown
  withTarget(query: Builder<Dataquery>): unknown
  decimals(count: number): unknown
  min(value: number): unknown
  max(value: number): unknown
  thresholds(steps: Builder<ThresholdsConfig>): unknown
  mappings(mappings: ValueMapping[]): unknown
  overrideByName(name: string, properties: DynamicConfigValue[]): unknown
  overrideByQuery(letter: string, properties: DynamicConfigValue[]): unknown
  withTransformation(transformation: DataTransformerConfig): unknown
  links(links: Builder<DashboardLink>[]): unknown
  dataLinks(links: Builder<DashboardLink>[]): unknown
  interval(interval: string): unknown
  timeFrom(span: string): unknown
  datasource(source: DataSourceRef): unknown
}

/** Lines over time, with a legend below and all values at one instant in the tooltip. */
export const lines = (content: PanelContent): timeseries.PanelBuilder =>
  filled(new timeseries.PanelBuilder(), content, 12)
    .lineWidth(1)
    .fillOpacity(8)
    .showPoints(VisibilityMode.Never)
    // Of series in SQL each has nothing where only another has a point.
    .spanNulls(true)
    .legend(legendBelow())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))

/** A row for each series, coloured by its state over time; `mappings` say what states are called. */
export const states = (content: PanelContent): statetimeline.PanelBuilder =>
  filled(new statetimeline.PanelBuilder(), content, 12)
    .mergeValues(true)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .showValue(VisibilityMode.Auto)
    .legend(legendBelow())

/** Rows as they are. */
export const rowsOf = (content: PanelContent): table.PanelBuilder =>
  filled(new table.PanelBuilder(), content, 24).showHeader(true)

/** One figure each, the newest value of each series or the first row. Without thresholds it has no colour: Grafana's own turn red at 80. */
export const figure = (content: PanelContent): stat.PanelBuilder =>
  filled(new stat.PanelBuilder(), { thresholds: thresholdsOf([], colours.neutral), ...content }, 4, 4).reduceOptions(
    newest(),
  )

/** One figure each against its limits. */
export const dial = (content: PanelContent): gauge.PanelBuilder =>
  filled(new gauge.PanelBuilder(), content, 4, 6).reduceOptions(newest())

/** Categories beside each other, the first text column names them. */
export const bars = (content: PanelContent): barchart.PanelBuilder =>
  filled(new barchart.PanelBuilder(), content, 12).legend(legendBelow())

/** A bar for each row, against the same limits. */
export const barGauges = (content: PanelContent): bargauge.PanelBuilder =>
  filled(new bargauge.PanelBuilder(), content, 12).reduceOptions(eachRow())

/** The newest value of a series. */
const newest = (): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false)

/** Every row of a table by itself, 50 at most. */
const eachRow = (): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(true).limit(50)

const legendBelow = (): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([])

const letters = 'ABCDEFGHIJKLMNOP'

/** Fills in what all panels have; width and height unless the content says its own. */
function filled<Kind extends PanelBuilder>(panel: Kind, content: PanelContent, width: number, height = 8): Kind {
  panel.title(content.title.pt)
  panel.description(content.description.pt)
  panel.unit(content.unit)
  panel.span(content.width ?? width)
  panel.height(content.height ?? height)
  const queries = content.queries.map((query, index) => query.withLetter(letters[index]!))
  for (const query of queries) panel.withTarget(query)
  panel.datasource(sourceOf(queries.map((query) => query.build().datasource)))
  if (content.decimals !== undefined) panel.decimals(content.decimals)
  if (content.min !== undefined) panel.min(content.min)
  if (content.max !== undefined) panel.max(content.max)
  if (content.thresholds) panel.thresholds(content.thresholds)
  if (content.mappings) panel.mappings([...content.mappings])
  for (const [name, properties] of Object.entries(content.columns ?? {})) panel.overrideByName(name, [...properties])
  for (const [index, { drawn }] of content.queries.entries())
    if (drawn) panel.overrideByQuery(letters[index]!, [...drawn])
  for (const transformation of content.transformations ?? []) panel.withTransformation(transformation)
  if (content.links) panel.links([...content.links])
  if (content.valueLinks) panel.dataLinks([...content.valueLinks])
  if (content.interval !== undefined) panel.interval(content.interval)
  if (content.timeFrom !== undefined) panel.timeFrom(content.timeFrom)
  return panel
}

/** Grafana sends all queries to the panel's own source, unless that says that they are mixed. */
const sourceOf = ([first, ...others]: readonly DataSourceRef[]): DataSourceRef =>
  first && others.every(({ uid }) => uid === first.uid) ? first : { type: 'datasource', uid: '-- Mixed --' }
