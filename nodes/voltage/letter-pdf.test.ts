import assert from 'node:assert/strict'
import { checkGolden } from '../../platform/regulation/golden.fixture.ts'
import { letterOf } from './domain/letter.ts'
import { LetterRecordError } from './domain/letter-record.ts'
import { letterPdf, readLetterPdf } from './letter-pdf.ts'
import { goodMeasurement, letterFacts, strangeFacts } from './domain/letter.fixture.ts'

const pdf = (facts = letterFacts()): Promise<Buffer> => letterPdf(letterOf(facts))

describe('the letter as a PDF', () => {
  it('of limits that were broken is the one agreed on', async () =>
    checkGolden('voltage', 'letter-broken.pdf', await pdf()))

  it('of limits that were kept, to nobody known, is the one agreed on', async () =>
    checkGolden('voltage', 'letter-kept.pdf', await pdf(letterFacts({ measurement: goodMeasurement, holder: null }))))

  it('made again has the same bytes', async () => assert.equal(Buffer.compare(await pdf(), await pdf()), 0))

  for (const facts of [letterFacts(), letterFacts({ measurement: goodMeasurement, holder: null }), strangeFacts()])
    it(`of unit ${facts.measurement.unitId.slice(0, 20)} is read back to equal indicators`, async () => {
      const letter = letterOf(facts)
      assert.deepEqual(readLetterPdf(await letterPdf(letter)), letter.record)
    })

  it('is tagged, in Portuguese, with a title', async () => {
    const text = (await pdf()).toString('latin1')
    for (const part of ['/Lang (pt-BR)', '/Marked true', '/DisplayDocTitle true', '/S /H1', '/S /TH', '/Scope /Row'])
      assert.ok(text.includes(part), part)
  })

  it('without a record is refused', () =>
    assert.throws(() => readLetterPdf(Buffer.from('%PDF-1.7')), LetterRecordError))
})
