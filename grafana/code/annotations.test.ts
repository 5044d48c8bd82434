import assert from 'node:assert/strict'
import { annotationOf, commands, events } from './annotations.ts'
import { both } from './words.ts'

describe('annotations', () => {
  it('say their query in the way of 9.4 and in that of later releases', () => {
    const built = annotationOf(both('Marcas', 'Marks'), 'select 1', 'red').build() as unknown as {
      rawQuery: string
      target: { rawSql: string }
    }
    assert.deepEqual([built.rawQuery, built.target.rawSql], ['select 1', 'select 1'])
  })

  it('are of the feeders, or of the device, that are chosen', () => {
    for (const make of [events, commands]) {
      assert.match(JSON.stringify(make('device').build()), /device_id in \(\$\{device:sqlstring\}\)/)
      assert.match(JSON.stringify(make('feeder').build()), /feeder_id in \(\$\{feeder:sqlstring\}\)/)
    }
  })
})
