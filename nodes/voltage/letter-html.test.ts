import assert from 'node:assert/strict'
import { checkGolden } from '../../platform/regulation/golden.fixture.ts'
import { letterOf } from './domain/letter.ts'
import { LetterRecordError } from './domain/letter-record.ts'
import { letterHtml, readLetterHtml } from './letter-html.ts'
import { goodMeasurement, letterFacts, strangeFacts } from './domain/letter.fixture.ts'

const html = (facts = letterFacts()): string => letterHtml(letterOf(facts))

describe('the letter as a page', () => {
  it('of limits that were broken is the one agreed on', () =>
    checkGolden('voltage', 'letter-broken.html', Buffer.from(html())))

  it('of limits that were kept, to nobody known, is the one agreed on', () =>
    checkGolden(
      'voltage',
      'letter-kept.html',
      Buffer.from(html(letterFacts({ measurement: goodMeasurement, holder: null, timeZone: 'America/Manaus' }))),
    ))

  for (const facts of [letterFacts(), letterFacts({ measurement: goodMeasurement, holder: null }), strangeFacts()])
    it(`of unit ${facts.measurement.unitId.slice(0, 20)} is read back to equal indicators`, () => {
      const letter = letterOf(facts)
      assert.deepEqual(readLetterHtml(letterHtml(letter)), letter.record)
    })

  it('takes nothing that is written for markup', () => {
    const page = html(strangeFacts())
    assert.equal(page.match(/<script/g)?.length, 1)
    assert.ok(page.includes('Distribuidora &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Filhos'))
    assert.ok(page.includes('Łucja &quot;D’Ávila&quot; 名前'))
  })

  it('has nobody in what programs read', () => {
    const record = JSON.stringify(readLetterHtml(html()))
    for (const personal of ['Conceição', 'Flores']) assert.ok(!record.includes(personal))
  })

  it('without a record, or with one that was changed, is refused', () => {
    assert.throws(() => readLetterHtml('<p>nothing</p>'), LetterRecordError)
    assert.throws(
      () => readLetterHtml(html().replace('"nlp": 81', '"nlp": 80')),
      /DRP is 8\.0357\d+ %, and its windows make/,
    )
    assert.throws(() => readLetterHtml(html().replace('"precarious": 62', '"precarious": 60')), /phase B are not 1008/)
    assert.throws(() => readLetterHtml(html().replace('voltage-letter/1', 'voltage-letter/9')), /format/)
  })
})
