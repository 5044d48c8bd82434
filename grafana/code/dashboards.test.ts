import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboardOf } from './dashboard.ts'
import { dashboards } from './dashboards.ts'
import { influxdb, postgresql } from './data-sources.ts'

/** Kinds of panel that Grafana 9.4 has. */
const kinds =
  /^(timeseries|stat|gauge|bargauge|table|barchart|state-timeline|status-history|piechart|heatmap|histogram|text|row|alertlist|geomap)$/
const knownUnits = new Set<unknown>(Object.values(units))
/** Readings one by one: a month of them is too many for a chart. */
const singleReadings = /\b(der|panel|meter|switch)_reading\b|FROM "(der|panel|meter|switch)"|FROM \//

for (const content of dashboards)
  describe(`dashboard ${content.name}`, () => {
    const made = dashboardOf(content)
    const panels = made.panels!.filter(({ type }) => type !== 'row') as Panel[]

    it('has panels that 9.4 knows, each with title, description and unit', () => {
      for (const { type, title, description, fieldConfig } of panels) {
        assert.match(type, kinds)
        assert.ok(title && description && description.length > 20, title)
        if (type !== 'text')
          assert.ok(knownUnits.has(fieldConfig.defaults.unit), `${title}: unit ${fieldConfig.defaults.unit}`)
      }
    })

    it('asks the two data sources that are provisioned', () => {
      for (const { title, targets = [], datasource } of panels)
        for (const target of targets as unknown as { datasource: { uid: string } }[]) {
          assert.ok([influxdb.uid, postgresql.uid].includes(target.datasource.uid as never), title)
          assert.ok([target.datasource.uid, '-- Mixed --'].includes(datasource!.uid!), title)
        }
    })

    it('reads single readings no further back than six hours, also where somebody chose dates', () => {
      for (const { title, targets = [], timeFrom } of panels)
        for (const { query = '', rawSql = '' } of targets as { query?: string; rawSql?: string }[])
          if (singleReadings.test(query + rawSql)) {
            assert.equal(timeFrom, '6h', title)
            assert.match(query + rawSql, /\$\{__to\}ms - 6h|\$__timeTo\(\)::timestamptz - interval '6h'/, title)
          }
    })

    it('stands beside the others: no two panels overlap, none is wider than the page', () => {
      for (const { title, gridPos } of panels) {
        const { x, y, w, h } = gridPos!
        assert.ok(x + w <= 24, title)
        for (const other of panels)
          if (other.gridPos !== gridPos) {
            const { x: x2, y: y2, w: w2, h: h2 } = other.gridPos!
            assert.ok(x + w <= x2 || x2 + w2 <= x || y + h <= y2 || y2 + h2 <= y, `${title} and ${other.title}`)
          }
      }
    })

    it('asks anew every 30 seconds at most', () => assert.match(String(made.refresh), /^(30s|1m|5m|15m|1h)$/))
  })
