import assert from 'node:assert/strict'
import { byDgc, limitUseOf } from './ranking.ts'

const limit = { decHundredths: 800, fecHundredths: 600 }

describe('DGC', () => {
  it('is the mean of what is used of both limits', () =>
    assert.deepEqual(limitUseOf({ decHundredths: 400, fecHundredths: 600 }, limit), {
      ...{ decShare: 0.5, fecShare: 1, dgc: 0.75 },
    }))

  it('is not known without limits', () => {
    const none = { decShare: null, fecShare: null, dgc: null }
    assert.deepEqual(limitUseOf({ decHundredths: 400, fecHundredths: 600 }, null), none)
    assert.deepEqual(limitUseOf({ decHundredths: 0, fecHundredths: 0 }, { ...limit, fecHundredths: 0 }), {
      ...none,
      decShare: 0,
    })
  })

  it('ranks the best first, and those without it last', () => {
    const conjuntos = [
      { conjuntoId: 'c', dgc: null },
      { conjuntoId: 'b', dgc: null },
      { conjuntoId: 'd', dgc: 1.2 },
      { conjuntoId: 'a', dgc: 0.4 },
      { conjuntoId: 'e', dgc: 0.4 },
    ]
    assert.equal(
      byDgc(conjuntos)
        .map(({ conjuntoId }) => conjuntoId)
        .join(''),
      'aedbc',
    )
  })
})
