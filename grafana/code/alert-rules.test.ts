import assert from 'node:assert/strict'
import { alertRules } from './alert-rules.ts'

describe('alert rules', () => {
  it('have a uid of their own each, that Grafana takes', () => {
    assert.equal(new Set(alertRules.map(({ uid }) => uid)).size, alertRules.length)
    for (const { uid } of alertRules) assert.match(uid, /^linhaviva-[a-z-]{1,30}$/)
  })

  it('say in both languages what is wrong and what to do', () => {
    for (const { title, summary } of alertRules)
      for (const text of [title.pt, title.en, summary.pt, summary.en]) assert.ok(text.length > 10, text)
  })

  it('last a minute at least: one look alone rouses nobody', () => {
    for (const { lasting, looksBackS } of alertRules) {
      assert.match(lasting, /^[1-9]\d*m$/)
      assert.ok(looksBackS >= 60 && looksBackS <= 3_600)
    }
  })
})
