import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { installation } from '../../../platform/runtime/installation.ts'
import { commandTypes } from '../../../platform/wire/command.ts'
import { classOf, type CommandClass } from '../domain/classes.ts'

const page = readFileSync(join(installation, 'docs', 'commands.md'), 'utf8').replaceAll(/ +/g, ' ')

const units = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

function duration(ms: number): string {
  const [unit, unitMs] = units.find(([, each]) => ms % each === 0)!
  return `${ms / unitMs} ${unit}`
}

const yes = (is: boolean): string => (is ? 'yes' : '')

const rowOf = (of: CommandClass): string =>
  [
    `| \`${of.type}\``,
    of.kinds.length === 4 ? 'any' : of.kinds.join(', '),
    Object.keys(of.args.properties as object)
      .map((name) => `\`${name}\``)
      .join(', '),
    ...[yes(of.needsApproval), yes(of.needsProof), yes(of.needsSelect), of.observation],
    `${duration(of.expiresAfterMs)}, at most ${duration(of.mostExpiresAfterMs)}`,
    `${duration(of.verifyWithinMs)} |`,
  ]
    .join(' | ')
    .replaceAll(/ +/g, ' ')

describe('docs/commands.md', () => {
  it('has every class as it is', () => {
    for (const row of commandTypes.map(classOf).map(rowOf)) assert.ok(page.includes(row), row)
  })

  it('says how often a device is told, and how long an answer is awaited', () => {
    const said = new Set(
      commandTypes
        .map(classOf)
        .map(
          ({ mostAttempts, answerWithinMs }) =>
            `${mostAttempts} times at most, and an answer is awaited for ${duration(answerWithinMs)}`,
        ),
    )
    for (const words of said) assert.ok(page.includes(words), words)
  })
})
