import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboardFiles } from '../code/dashboard-files.ts'
import { publishedSchema, type PublishedSchema } from './published-schema.fixture.ts'

interface Model {
  readonly panels: readonly (Panel | RowPanel)[]
  readonly annotations: { readonly list: readonly Record<string, unknown>[] }
}

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row'

/** Transformations of Grafana 9.4, by the id that its JSON has. */
const transformations =
  /^(calculateField|concatenate|configFromData|convertFieldType|extractFields|fieldLookup|filterFieldsByName|filterByRefId|filterByValue|groupBy|groupingToMatrix|heatmap|histogram|joinByField|joinByLabels|labelsToFields|limit|merge|organize|partitionByValues|prepareTimeSeries|reduce|renameByRegex|rowsToFields|seriesToColumns|seriesToRows|sortBy)$/
/** What came after 9.4, with the release that brought it: a Grafana of 2023 would draw without it. */
const laterProperties: Readonly<Record<string, string>> = {
  'custom.cellOptions': '9.5',
  'custom.insertNulls': '10.2',
  'custom.axisBorderShow': '10.2',
}

describe("dashboards and Grafana's published types", function () {
  this.timeout(60_000)
  let schema: PublishedSchema
  before(() => {
    schema = publishedSchema()
  })

  it('refuse what is none: a panel without position, an option of another kind, a name that is not known', () => {
    assert.notDeepEqual(schema.dashboard({ schemaVersion: 'new' }), [])
    assert.notDeepEqual(schema.panel({ type: 'stat', gridPos: { x: 0 } }), [])
    assert.notDeepEqual(schema.panel({ type: 'stat', targets: [{ refId: 'A', rawSql: 'select 1' }] }), [])
    assert.notDeepEqual(schema.options('stat', { mergeValues: true }), [])
    assert.notDeepEqual(schema.custom('timeseries', { lineWidht: 1 }), [])
    assert.notDeepEqual(schema.options('news', {}), [])
    assert.deepEqual(schema.property('timeseries', 'custom.lineWidht'), ['timeseries has no property custom.lineWidht'])
    assert.notDeepEqual(schema.rule({ title: 'A rule' }), [])
  })

  for (const [file, text] of dashboardFiles())
    describe(file, () => {
      const model = JSON.parse(text) as Model
      const panels = model.panels.filter((panel): panel is Panel => !isRow(panel))

      it('is a dashboard of theirs', () => {
        const { panels: _, annotations, ...rest } = model
        // The types know annotations of Grafana itself alone: of others the target is a query of their data source, and 9.4 takes
        // it from `rawQuery`.
        const list = annotations.list.map(({ rawQuery: _text, target: _target, ...annotation }) => annotation)
        for (const { target, datasource } of annotations.list)
          assert.deepEqual(schema.query({ ...(target as object), datasource }), [])
        assert.deepEqual(schema.dashboard({ ...rest, annotations: { list } }), [])
        for (const row of model.panels.filter(isRow)) assert.deepEqual(schema.row(row), [], row.title)
      })

      for (const panel of panels)
        it(`${panel.type} "${panel.title}" is a panel of theirs, with options that its kind has`, () => {
          assert.deepEqual(schema.panel(panel), [])
          assert.deepEqual(schema.options(panel.type, panel.options ?? {}), [])
          assert.deepEqual(schema.custom(panel.type, panel.fieldConfig?.defaults.custom ?? {}), [])
          const ids = panel.fieldConfig?.overrides.flatMap(({ properties }) => properties.map(({ id }) => id)) ?? []
          for (const id of ids) {
            assert.deepEqual(schema.property(panel.type, id), [])
            assert.ok(!Object.hasOwn(laterProperties, id), `${id} came with ${laterProperties[id]}`)
          }
          for (const { id } of panel.transformations ?? []) assert.match(id, transformations)
        })
    })
})
