import assert from 'node:assert/strict'
import { forestFromBytes } from '../domain/forest/forest-bytes.ts'
import { scoreRows } from '../domain/forest/score.ts'
import { trainForest } from '../domain/forest/training.ts'
import { Answers } from './answers.ts'
import { cloudRows } from './scoring.samples.ts'

const options = { seed: 1, trees: 20, quantile: 0.99 }

describe('the answers of the scoring thread', () => {
  const rows = cloudRows(300)
  const trained = () => {
    const reply = new Answers().answer({ kind: 'train', rows, options })
    assert.ok(reply.kind === 'trained')
    return reply
  }
  const asked = { kind: 'score', model: 'site 1', trees: null, forget: [], rows } as const

  it('to a training are the forest and its threshold', () => {
    const { forest, threshold } = trainForest(rows, options)
    const reply = trained()
    assert.deepEqual(forestFromBytes(reply.trees), forest)
    assert.equal(reply.threshold, threshold)
  })

  it('to rows are their scores, by a forest that is handed over once', () => {
    const answers = new Answers()
    const { trees } = trained()
    const scores = scoreRows(forestFromBytes(trees), rows)
    assert.deepEqual(answers.answer({ ...asked, trees }), { kind: 'scored', scores })
    assert.deepEqual(answers.answer(asked), { kind: 'scored', scores })
    assert.equal(answers.known, 1)
  })

  it('forget forests that are not needed any more', () => {
    const answers = new Answers()
    const { trees } = trained()
    answers.answer({ ...asked, trees })
    answers.answer({ ...asked, model: 'site 2', trees, forget: ['site 1'] })
    assert.equal(answers.known, 1)
    assert.deepEqual(answers.answer(asked), { kind: 'refused', message: 'the forest site 1 is not known here' })
  })

  it('to what is wrong say what, and the forest is forgotten', () => {
    const answers = new Answers()
    const { trees } = trained()
    assert.deepEqual(answers.answer({ kind: 'train', rows, options: { ...options, quantile: 2 } }), {
      kind: 'refused',
      message: 'quantile is 2: it takes a share between 0 and 1',
    })
    answers.answer({ ...asked, trees })
    const reply = answers.answer({ ...asked, rows: { ...rows, width: 2 } })
    assert.deepEqual(reply, { kind: 'refused', message: 'rows have 2 features: the forest judges 5' })
    assert.equal(answers.known, 0)
  })
})
