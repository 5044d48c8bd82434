import assert from 'node:assert/strict'
import { conjunto, consoleAt, deviceOfFeeder, feeder, siteOfFeeder } from './variables.ts'

describe('variables', () => {
  it('of several begin with all, of one with none yet', () => {
    assert.deepEqual(feeder(true).build().current, { selected: true, text: ['All'], value: ['$__all'] })
    assert.equal(feeder().build().current, undefined)
  })

  it('offer something even where there is nothing: an empty list would be no SQL', () => {
    for (const variable of [feeder(), siteOfFeeder, deviceOfFeeder, conjunto()])
      assert.match(String(variable.build().query), /union all select '–', '' where not exists \(select from choice\)$/)
  })

  it('of sites and devices are those of the chosen feeders', () => {
    for (const variable of [siteOfFeeder, deviceOfFeeder])
      assert.match(String(variable.build().query), /feeder_id in \(\$\{feeder:sqlstring\}\)/)
  })

  it('say where the console is, unseen', () => {
    const { type, query, hide } = consoleAt('https://console.example').build()
    assert.deepEqual({ type, query, hide }, { type: 'constant', query: 'https://console.example', hide: 2 })
  })
})
