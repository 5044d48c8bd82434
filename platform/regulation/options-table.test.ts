import assert from 'node:assert/strict'
import { amount, choice } from './option.ts'
import { renderOptionsTable, withOptionsTable } from './options-table.ts'
import { regulationOptions } from './options.ts'

const question = { en: 'What?', pt: 'O quê?' }

describe('the table of options', () => {
  it('says of each what is uncertain, what it takes, its default and its source', () => {
    const options = {
      'a-number': amount({
        ...{ question, unit: { en: 'days', pt: 'dias' }, least: 1, most: 90, whole: true, default: 15 },
        ...{ source: 'notes', confidence: 'one-source' },
      }),
      'a-choice': choice({
        ...{ question, choices: { one: { en: 'the one', pt: 'um' }, two: { en: 'the other', pt: 'dois' } } },
        ...{ default: 'two', source: 'code', confidence: 'inferred' },
      }),
    }
    assert.equal(
      renderOptionsTable(options),
      [
        '| Option     | What is uncertain | It takes                         | Default | What the default rests on |',
        '| ---------- | ----------------- | -------------------------------- | ------- | ------------------------- |',
        '| `a-number` | What?             | 1 to 90 days                     | `15`    | notes (one source)        |',
        '| `a-choice` | What?             | `one`: the one; `two`: the other | `two`   | code (inferred)           |',
      ].join('\n'),
    )
  })

  it('takes its place in a page, whatever stood there', () => {
    const page = withOptionsTable('before\n<!-- options -->\nold\n<!-- /options -->\nafter\n')
    for (const key of Object.keys(regulationOptions)) assert.ok(page.includes(`| \`${key}\``), key)
    assert.match(page, /^before\n<!-- options -->\n\n\| Option .*\|\n\n<!-- \/options -->\nafter\n$/s)
    assert.equal(withOptionsTable(page), page)
  })
})
