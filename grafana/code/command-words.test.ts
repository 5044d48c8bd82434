import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { commandStates } from '../../platform/wire/live-command.ts'
import { doneStates, endStates, listed, stateMappings, stateWord } from './command-words.ts'

describe('states of commands on dashboards', () => {
  it('each have a word and a colour of their own name', () =>
    assert.equal(Object.keys(stateMappings[0]!.options).length, commandStates.length))

  it('are words of SQL, each', () => {
    for (const state of commandStates) assert.match(stateWord('state'), new RegExp(`when '${state}' then '[^']+'`))
  })

  it('end where the documents say that they end', () => {
    const told = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8')
    const ends = told
      .split('\n')
      .filter((line) => line.includes('**end**'))
      .flatMap((line) => line.split('|')[1]!.match(/[a-z_]+/g)!)
    assert.deepEqual([...endStates].toSorted(), ends.toSorted())
    assert.ok(doneStates.every((state) => endStates.includes(state)))
  })

  it('are listed as SQL lists them', () => assert.equal(listed(doneStates), "'verified', 'reconciled_done'"))
})
